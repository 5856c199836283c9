package sh.cinch.simulator.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.Receiver.Received;
import sh.cinch.simulator.TestBitbucket;

class DeliveryTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();
  private String token = "";

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
    token = bitbucket.repositoryToken("acme/app", "repository", "webhook");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private Answer hook(String url, String more) {
    Answer answer =
        bitbucket.api(
            "POST",
            "/repositories/acme/app/hooks",
            token,
            "{\"url\":\"%s\",\"events\":[\"repo:push\"]%s}".formatted(url, more));
    assertThat(answer.status()).isEqualTo(201);
    return answer;
  }

  private JsonNode deliver(String body) {
    return bitbucket.control("POST", "/repositories/acme/app/deliver?event=repo:push", body).json();
  }

  @Test
  void deliveryIsSignedOverItsExactBytes() throws IOException {
    try (var receiver = new Receiver(200)) {
      hook(receiver.url(), ",\"secret\":\"It's a Secret to Everybody\"");

      deliver("Hello World!");

      Received received = receiver.received().getFirst();
      assertThat(received.header("X-Hub-Signature"))
          .isEqualTo("sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9");
      assertThat(received.body().toString()).isEqualTo("Hello World!");
    }
  }

  @Test
  void deliveryHasBitbucketsHeaders() throws IOException {
    try (var receiver = new Receiver(202)) {
      Answer hook = hook(receiver.url(), "");

      JsonNode delivered = deliver("{}");

      Received received = receiver.received().getFirst();
      assertThat(received.header("X-Event-Key")).isEqualTo("repo:push");
      assertThat("{" + received.header("X-Hook-UUID") + "}").isEqualTo(hook.text("/uuid"));
      assertThat(received.header("X-Request-UUID")).matches("[0-9a-f-]{36}");
      assertThat(received.header("X-Attempt-Number")).isEqualTo("1");
      assertThat(received.header("X-Event-Time")).isEqualTo("Mon, 23 Nov 2026 15:00:00 GMT");
      assertThat(received.header("User-Agent")).isEqualTo("Bitbucket-Webhooks/2.0");
      assertThat(received.header("Content-Type")).isEqualTo("application/json");
      assertThat(received.headers().containsKey("X-Hub-Signature")).isFalse();
      assertThat(delivered.at("/0/hook").asText()).isEqualTo(hook.text("/uuid"));
      assertThat(delivered.at("/0/attempts/0/status").asInt()).isEqualTo(202);
      assertThat(delivered.at("/0/attempts/0/ms").isIntegralNumber()).isTrue();
    }
  }

  @Test
  void failingReceiverIsTriedThreeTimes() throws IOException {
    try (var receiver = new Receiver(503)) {
      hook(receiver.url(), "");

      JsonNode delivered = deliver("{}");

      assertThat(delivered.at("/0/attempts").findValuesAsText("status"))
          .containsExactly("503", "503", "503");
      assertThat(receiver.received())
          .extracting(received -> received.header("X-Attempt-Number"))
          .containsExactly("1", "2", "3");
      assertThat(receiver.received())
          .extracting(received -> received.header("X-Request-UUID"))
          .containsOnly(receiver.received().getFirst().header("X-Request-UUID"));
    }
  }

  @Test
  void triesCanHaveRequestUuidsOfTheirOwn() throws IOException {
    bitbucket.settings("{\"requestUuidPerAttempt\":true}");
    try (var receiver = new Receiver(500)) {
      hook(receiver.url(), "");

      deliver("{}");

      assertThat(receiver.received())
          .extracting(received -> received.header("X-Request-UUID"))
          .doesNotHaveDuplicates()
          .hasSize(3);
    }
  }

  @Test
  void triesEndWithSuccess() throws IOException {
    try (var receiver = new Receiver(502, 200)) {
      hook(receiver.url(), "");

      assertThat(deliver("{}").at("/0/attempts").findValuesAsText("status"))
          .containsExactly("502", "200");
    }
  }

  @Test
  void refusalIsFinal() throws IOException {
    try (var receiver = new Receiver(404)) {
      hook(receiver.url(), "");

      assertThat(deliver("{}").at("/0/attempts").findValuesAsText("status")).containsExactly("404");
    }
  }

  @Test
  void absentReceiverIsTriedAgainUnlessToldNotTo() throws IOException {
    int closedPort;
    try (var socket = new ServerSocket(0)) {
      closedPort = socket.getLocalPort();
    }
    hook("http://localhost:" + closedPort + "/", "");

    JsonNode usual = deliver("{}");
    bitbucket.settings("{\"retryUnanswered\":false}");
    JsonNode once = deliver("{}");

    assertThat(usual.at("/0/attempts")).hasSize(3);
    assertThat(usual.at("/0/attempts/0/status").asInt()).isZero();
    assertThat(usual.at("/0/attempts/0/problem").asText()).isEqualTo("network error");
    assertThat(once.at("/0/attempts")).hasSize(1);
  }

  @Test
  void bodyOver256KilobytesIsSilentlyNotSent() throws IOException {
    try (var receiver = new Receiver(200)) {
      hook(receiver.url(), "");

      JsonNode fits = deliver("x".repeat(256 * 1024));
      JsonNode tooLarge = deliver("x".repeat(256 * 1024 + 1));

      assertThat(fits.at("/0/attempts")).hasSize(1);
      assertThat(tooLarge.at("/0/attempts")).isEmpty();
      assertThat(receiver.received()).hasSize(1);
    }
  }

  @Test
  void largePushMovesTheRefAndTellsNobody() throws IOException {
    try (var receiver = new Receiver(200)) {
      hook(receiver.url(), "");

      Answer push =
          bitbucket.push(
              "acme/app",
              "{\"ref\":\"refs/heads/main\",\"commits\":5,\"message\":\"%s\"}"
                  .formatted("m".repeat(60_000)));

      assertThat(push.at("/deliveries/0/attempts")).isEmpty();
      assertThat(
              bitbucket
                  .get("/repositories/acme/app/refs/branches", token)
                  .text("/values/0/target/hash"))
          .isEqualTo(push.text("/changes/0/new"));
    }
  }

  @Test
  void onlyActiveSubscribersAreTold() throws IOException {
    try (var receiver = new Receiver(200)) {
      hook(receiver.url(), ",\"active\":false");
      bitbucket.api(
          "POST",
          "/repositories/acme/app/hooks",
          token,
          "{\"url\":\"%s\",\"events\":[\"repo:fork\"]}".formatted(receiver.url()));

      assertThat(bitbucket.push("acme/app", "{\"ref\":\"refs/heads/main\"}").at("/deliveries"))
          .isEmpty();
      assertThat(receiver.received()).isEmpty();
    }
  }

  @Test
  void whatIsDeliveredOnPurposeReachesEveryActiveHook() throws IOException {
    try (var receiver = new Receiver(200)) {
      hook(receiver.url(), ",\"active\":false");
      bitbucket.api(
          "POST",
          "/repositories/acme/app/hooks",
          token,
          "{\"url\":\"%s\",\"events\":[\"repo:fork\"]}".formatted(receiver.url()));

      assertThat(deliver("{}")).hasSize(1);
      assertThat(receiver.received()).hasSize(1);
    }
  }

  @Test
  void removedSecretSignsNothing() throws IOException {
    try (var receiver = new Receiver(200)) {
      Answer hook = hook(receiver.url(), ",\"secret\":\"hush\"");
      bitbucket.api("PUT", hook.text("/links/self/href"), token, "{\"secret\":null}");

      deliver("{}");

      assertThat(receiver.received().getFirst().headers().containsKey("X-Hub-Signature")).isFalse();
    }
  }
}
