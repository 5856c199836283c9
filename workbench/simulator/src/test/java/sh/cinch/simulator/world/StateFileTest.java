package sh.cinch.simulator.world;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
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
  void apiTokensAndSupersededOnesSurviveARestart() {
    Path file = directory.resolve("simulator.json");
    String basic;
    String ended;
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      bitbucket.settings("{\"newestRefreshTokenOnly\":true,\"client\":\"accepted\"}");
      basic =
          TestBitbucket.basic(
              "ada@acme.example",
              bitbucket
                  .control(
                      "POST",
                      "/users/ada/tokens",
                      "{\"email\":\"ada@acme.example\",\"scopes\":[\"read:user:bitbucket\"]}")
                  .text("/token"));
      String first = bitbucket.grant("ada").text("/refresh_token");
      ended = bitbucket.refresh(first).text("/refresh_token");
      bitbucket.refresh(first);
    }
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      assertThat(bitbucket.call("GET", "/2.0/user", "", "Authorization", basic).status())
          .isEqualTo(200);
      assertThat(bitbucket.refresh(ended).text("/error")).isEqualTo("unauthorized_client");
      assertThat(bitbucket.simulator().issued()).as("since its own start").isEmpty();
    }
  }

  @Test
  void renamingAndStatusesOfOneKeySurviveARestart() {
    Path file = directory.resolve("simulator.json");
    String token;
    String uuid;
    String statuses;
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      uuid = bitbucket.repository("acme/app").text("/uuid");
      token = bitbucket.ada();
      bitbucket.settings("{\"statusIdentity\":\"key+refname\"}");
      statuses = "/commit/" + bitbucket.commit("acme/app") + "/statuses";
      for (String refname : List.of("main", "develop")) {
        bitbucket.api(
            "POST", "/repositories/acme/app" + statuses + "/build", token, status(refname));
      }
      bitbucket.control(
          "POST", "/repositories/acme/app/rename", "{\"fullName\":\"acme-labs/app\"}");
    }
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      String path = "/repositories/acme-labs/app";
      assertThat(bitbucket.get(path, token).text("/uuid")).isEqualTo(uuid);
      assertThat(bitbucket.get("/repositories/acme/app", token).header("Location")).endsWith(path);
      bitbucket.api("POST", path + statuses + "/build", token, status("develop"));
      assertThat(bitbucket.get(path + statuses, token).at("/values").findValuesAsText("refname"))
          .containsExactly("main", "develop");
    }
  }

  private static String status(String refname) {
    return "{\"key\":\"unit\",\"state\":\"FAILED\",\"url\":\"https://ci.example.com\",\"refname\":\"%s\"}"
        .formatted(refname);
  }

  @Test
  void stateFromBeforeThereWereFormerPathsIsRead() throws IOException {
    Path file = directory.resolve("simulator.json");
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      bitbucket.repository("acme/app");
    }
    String saved = Files.readString(file);
    String older = saved.replace("\"formerPaths\":[],", "");
    Files.writeString(file, older);

    try (var bitbucket = TestBitbucket.keptIn(file)) {
      assertThat(older).isNotEqualTo(saved);
      assertThat(bitbucket.repository("acme/app").status()).isEqualTo(200);
    }
  }

  @Test
  void settingThatIsNewerThanTheFileIsAsInAFreshWorld() throws IOException {
    Path file = directory.resolve("simulator.json");
    try (var bitbucket = TestBitbucket.keptIn(file)) {
      bitbucket.settings("{\"accessTokenSeconds\":99}");
    }
    String saved = Files.readString(file);
    String older =
        saved.replace(",\"client\":\"accepted\"", "").replace(",\"clientIsPrivate\":true", "");
    Files.writeString(file, older);

    try (var bitbucket = TestBitbucket.keptIn(file)) {
      Answer settings = bitbucket.settings("{}");
      assertThat(older).hasSizeLessThan(saved.length() - 40);
      assertThat(settings.text("/client")).isEqualTo("accepted");
      assertThat(settings.at("/clientIsPrivate").asBoolean()).isTrue();
      assertThat(settings.at("/accessTokenSeconds").asInt()).isEqualTo(99);
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
