package sh.cinch.simulator.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Multipart;
import sh.cinch.simulator.TestBitbucket;
import sh.cinch.simulator.world.Download;

class FaultTest {
  private static final String STATUS =
      "{\"key\":\"unit\",\"state\":\"FAILED\",\"url\":\"https://ci.example.com\"}";

  private final TestBitbucket bitbucket = TestBitbucket.start();
  private String token = "";
  private String path = "";

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
    path =
        "/2.0/repositories/acme/app/commit/%s/statuses/build"
            .formatted(bitbucket.commit("acme/app"));
    token = bitbucket.repositoryToken("acme/app", "repository");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private void fault(String json) {
    Answer answer = bitbucket.control("POST", "/faults", json);
    assertThat(answer.status()).as(answer.body()).isEqualTo(204);
  }

  private Answer post() throws IOException {
    return bitbucket.send("POST", path, STATUS, "Authorization", "Bearer " + token);
  }

  private int writes() {
    return bitbucket.control("GET", "/repositories/acme/app/statuses", "").at("/writes").size();
  }

  @Test
  void statusIsAnsweredWithoutEffectAsOftenAsAsked() throws IOException {
    fault(
        """
        {"path":"/2.0/repositories/*/statuses/build","kind":"status","status":503,"times":2,
         "body":"down","headers":{"Retry-After":"7","content-type":"text/html"}}
        """);

    Answer first = post();

    assertThat(first.status()).isEqualTo(503);
    assertThat(first.body()).isEqualTo("down");
    assertThat(first.header("Retry-After")).isEqualTo("7");
    assertThat(first.headers().allValues("Content-Type")).containsExactly("text/html");
    assertThat(post().status()).isEqualTo(503);
    assertThat(writes()).isZero();
    assertThat(post().status()).isEqualTo(201);
  }

  @Test
  void faultEndsWithItsTime() throws IOException {
    fault("{\"path\":\"*\",\"kind\":\"status\",\"status\":500,\"seconds\":30}");

    assertThat(post().status()).isEqualTo(500);
    bitbucket.clock().advance(Duration.ofSeconds(30));
    assertThat(post().status()).isEqualTo(201);
  }

  @Test
  void faultStrikesOnlyItsMethodAndPath() throws IOException {
    fault("{\"method\":\"PUT\",\"path\":\"*\",\"kind\":\"reset\"}");
    fault("{\"path\":\"/site/*\",\"kind\":\"reset\"}");
    fault("{\"path\":\"/2.0/repositories/acme/app\",\"kind\":\"reset\"}");

    assertThat(post().status()).isEqualTo(201);
    assertThatThrownBy(() -> bitbucket.grant("ada")).hasRootCauseInstanceOf(IOException.class);
  }

  @Test
  void resetHasNoEffect() {
    fault("{\"path\":\"*\",\"kind\":\"reset\",\"times\":1}");

    assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    assertThat(writes()).isZero();
  }

  @Test
  void lostResponseHasItsEffect() {
    fault("{\"path\":\"*\",\"kind\":\"lost-response\",\"times\":1}");

    assertThatThrownBy(this::post).isInstanceOf(IOException.class);
    assertThat(writes()).isEqualTo(1);
  }

  @Test
  void lateEffectComesAfterwards() {
    fault("{\"path\":\"*\",\"kind\":\"late-effect\",\"ms\":300,\"times\":1}");
    long start = System.nanoTime();

    var call =
        Thread.ofVirtual()
            .start(() -> assertThatThrownBy(this::post).isInstanceOf(IOException.class));
    await()
        .until(
            () -> bitbucket.control("GET", "/requests?path=*/build", "").at("/total").asInt() == 1);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(300));
    assertThat(writes()).isEqualTo(1);
    await().until(() -> !call.isAlive());
  }

  @Test
  void latencyOnlyDelays() throws IOException {
    fault("{\"path\":\"*\",\"kind\":\"latency\",\"ms\":200,\"times\":1}");
    long start = System.nanoTime();

    assertThat(post().status()).isEqualTo(201);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(200));
  }

  @Test
  void whatHasStruckOftenEnoughIsListedNoMore() throws IOException {
    fault("{\"path\":\"*/build\",\"kind\":\"status\",\"status\":503,\"times\":2}");
    assertThat(post().status()).isEqualTo(503);
    assertThat(bitbucket.control("GET", "/faults", "").at("/faults"))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.at("/path").asText()).isEqualTo("*/build");
              assertThat(fault.at("/times").asInt()).isOne();
            });
    assertThat(post().status()).isEqualTo(503);
    assertThat(bitbucket.control("GET", "/faults", "").at("/faults")).isEmpty();
  }

  @Test
  void garbageStandsInForTheBodyOnly() throws IOException {
    fault("{\"path\":\"*\",\"kind\":\"garbage\",\"times\":1}");

    Answer answer = post();

    assertThat(answer.status()).isEqualTo(201);
    assertThat(answer.body()).startsWith("<html>");
    assertThat(writes()).isEqualTo(1);
  }

  @Test
  void faultsCanBeTakenBack() throws IOException {
    fault("{\"path\":\"*\",\"kind\":\"reset\"}");

    bitbucket.control("DELETE", "/faults", "");

    assertThat(post().status()).isEqualTo(201);
  }

  @Test
  void uploadsAreSpoiledLikeAnyOtherCall() {
    String writer = bitbucket.repositoryToken("acme/app", "repository:write");
    fault("{\"path\":\"*/downloads\",\"kind\":\"status\",\"status\":503,\"times\":1}");
    fault("{\"path\":\"*/downloads\",\"kind\":\"reset\",\"times\":1}");
    assertThat(Multipart.upload(bitbucket, writer, "a", "x").status()).isEqualTo(503);
    assertThatThrownBy(() -> Multipart.upload(bitbucket, writer, "b", "x"))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(downloads()).isEmpty();

    fault("{\"path\":\"*/downloads\",\"kind\":\"lost-response\",\"times\":1}");
    fault("{\"path\":\"*/downloads\",\"kind\":\"garbage\",\"times\":1}");
    fault("{\"path\":\"*/downloads\",\"kind\":\"latency\",\"ms\":100,\"times\":1}");
    assertThatThrownBy(() -> Multipart.upload(bitbucket, writer, "c", "x"))
        .hasRootCauseInstanceOf(IOException.class);
    assertThat(Multipart.upload(bitbucket, writer, "d", "x").body()).startsWith("<html>");
    long start = System.nanoTime();
    assertThat(Multipart.upload(bitbucket, writer, "e", "x").status()).isEqualTo(201);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(100));
    assertThat(downloads()).extracting(Download::name).containsExactly("c", "d", "e");
  }

  private List<Download> downloads() {
    return bitbucket.simulator().downloads("acme", "app");
  }

  @Test
  void lostAnswersAreCountedAsNone() {
    fault("{\"path\":\"*\",\"kind\":\"lost-response\",\"times\":1}");
    assertThatThrownBy(this::post).isInstanceOf(IOException.class);

    Answer requests = bitbucket.control("GET", "/requests?path=/2.0/*", "");

    assertThat(requests.at("/requests/0/status").asInt()).isZero();
    assertThat(requests.at("/requests/0/count").asInt()).isEqualTo(1);
  }
}
