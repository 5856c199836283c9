package sh.cinch.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.TestBitbucket;

class StateFileTest {
  @TempDir private Path directory = Path.of("");

  @Test
  void everythingSurvivesARestart() throws IOException {
    Path file = directory.resolve("deep/simulator.json");
    String token;
    String refreshToken;
    String head;
    Answer status;
    Answer repository;
    try (var receiver = new Receiver(200)) {
      try (var bitbucket = TestBitbucket.keptIn(file)) {
        repository = bitbucket.repository("acme/app");
        Answer grant = bitbucket.grant("ada");
        token = grant.text("/access_token");
        refreshToken = grant.text("/refresh_token");
        bitbucket.refresh(refreshToken);
        bitbucket.settings("{\"accessTokenSeconds\":99}");
        bitbucket.api(
            "POST",
            "/repositories/acme/app/hooks",
            token,
            "{\"url\":\"%s\",\"events\":[\"repo:push\"],\"secret\":\"hush\"}"
                .formatted(receiver.url()));
        head =
            bitbucket
                .push(
                    "acme/app",
                    "{\"ref\":\"refs/heads/main\"},{\"ref\":\"refs/tags/v1\",\"annotated\":true}")
                .text("/changes/0/new");
        status =
            bitbucket.api(
                "POST",
                "/repositories/acme/app/commit/" + head + "/statuses/build",
                token,
                "{\"key\":\"unit\",\"state\":\"FAILED\",\"url\":\"https://ci.example.com\"}");
      }
      try (var bitbucket = TestBitbucket.keptIn(file)) {
        String path = "/repositories/acme/app";
        assertThat(bitbucket.get(path, token).text("/uuid")).isEqualTo(repository.text("/uuid"));
        assertThat(bitbucket.get(path + "/refs", token).at("/size").asInt()).isEqualTo(2);
        Answer kept = bitbucket.get(path + "/commit/" + head + "/statuses/build/unit", token);
        assertThat(kept.text("/state")).isEqualTo("FAILED");
        assertThat(kept.text("/created_on")).isEqualTo(status.text("/created_on"));
        assertThat(bitbucket.control("GET", "/repositories/acme/app/statuses", "").at("/writes"))
            .hasSize(1);
        assertThat(bitbucket.settings("{}").at("/accessTokenSeconds").asInt()).isEqualTo(99);
        bitbucket.push("acme/app", "{\"ref\":\"refs/heads/main\"}");
        assertThat(receiver.received()).hasSize(2);
        assertThat(receiver.received().getLast().header("X-Hub-Signature")).startsWith("sha256=");
        bitbucket.clock().advance(Duration.ofHours(1));
        assertThat(bitbucket.refresh(refreshToken).text("/error"))
            .as("a replaced token is still known as such")
            .isEqualTo("unauthorized_client");
      }
    }
  }

  @Test
  void stateIsSavedSoonAfterAChange() {
    Path file = directory.resolve("simulator.json");
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      bitbucket.repository("acme/app");

      await().until(() -> Files.exists(file) && Files.readString(file).contains("\"app\""));
    }
  }

  @Test
  void fileIsItsOwnersAlone() throws IOException {
    Path file = directory.resolve("simulator.json");
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      bitbucket.repository("acme/app");
    }

    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @Test
  void otherFileIsNotTakenForAState() throws IOException {
    Path file = directory.resolve("simulator.json");
    Files.writeString(file, "{\"secret\":\"hush\"}");

    assertThatThrownBy(() -> TestBitbucket.keptIn(file))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("remove it")
        .hasMessageNotContaining("hush");
    assertThat(file).hasContent("{\"secret\":\"hush\"}");
  }
}
