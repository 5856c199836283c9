package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class HookRoutesTest {
  private static final String HOOKS = "/repositories/acme/app/hooks";
  private static final String BODY =
      "{\"description\":\"ci\",\"url\":\"http://localhost:9/hook\",\"active\":true,"
          + "\"secret\":\"hush\",\"events\":[\"repo:push\"]}";

  private final TestBitbucket bitbucket = TestBitbucket.start();

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private static String path(Answer hook) {
    return HOOKS + "/" + hook.text("/uuid").replace("{", "%7B").replace("}", "%7D");
  }

  @Test
  void createdHookNeverShowsItsSecret() {
    String ada = bitbucket.ada();

    Answer created = bitbucket.api("POST", HOOKS, ada, BODY);
    Answer read = bitbucket.get(created.header("Location"), ada);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("/uuid")).matches("\\{[0-9a-f-]{36}}");
    assertThat(created.at("/secret_set").asBoolean()).isTrue();
    assertThat(created.body()).doesNotContain("hush");
    assertThat(read.json()).isEqualTo(created.json());
  }

  @Test
  void updateKeepsWhatItLeavesOut() {
    String ada = bitbucket.ada();
    Answer hook = bitbucket.api("POST", HOOKS, ada, BODY);

    Answer updated = bitbucket.api("PUT", path(hook), ada, "{\"active\":false}");

    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.at("/active").asBoolean()).isFalse();
    assertThat(updated.at("/secret_set").asBoolean()).isTrue();
    assertThat(updated.text("/url")).isEqualTo("http://localhost:9/hook");
    assertThat(updated.text("/description")).isEqualTo("ci");
  }

  @ParameterizedTest
  @CsvSource({"null", "''"})
  void nullOrEmptySecretRemovesIt(String secret) {
    String ada = bitbucket.ada();
    Answer hook = bitbucket.api("POST", HOOKS, ada, BODY);

    Answer updated =
        bitbucket.api(
            "PUT",
            path(hook),
            ada,
            "{\"secret\":%s}".formatted(secret.isEmpty() ? "\"\"" : secret));

    assertThat(updated.at("/secret_set").asBoolean()).isFalse();
  }

  @Test
  void deletedHookIsGone() {
    String ada = bitbucket.ada();
    Answer hook = bitbucket.api("POST", HOOKS, ada, BODY);

    assertThat(bitbucket.api("DELETE", path(hook), ada, "").status()).isEqualTo(204);
    assertThat(bitbucket.get(path(hook), ada).status()).isEqualTo(404);
    assertThat(bitbucket.api("DELETE", path(hook), ada, "").status()).isEqualTo(404);
    assertThat(bitbucket.get(HOOKS, ada).at("/size").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url    | {\"events\":[\"repo:push\"]}",
        "url    | {\"url\":\"/relative\",\"events\":[\"repo:push\"]}",
        "url    | {\"url\":\"ftp://example.com\",\"events\":[\"repo:push\"]}",
        "events | {\"url\":\"https://example.com\"}",
        "events | {\"url\":\"https://example.com\",\"events\":[]}",
        "events | {\"url\":\"https://example.com\",\"events\":\"repo:push\"}",
        "events | {\"url\":\"https://example.com\",\"events\":[\"repo:push\",\"repo:push\"]}",
        "events | {\"url\":\"https://example.com\",\"events\":[\"issue:created\"]}",
        "body   | not json",
      })
  void senselessHookIsRefused(String field, String body) {
    Answer answer = bitbucket.api("POST", HOOKS, bitbucket.ada(), body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.at("/error/fields").has(field)).isTrue();
  }

  @Test
  void secretHasAtMost128Characters() {
    String ada = bitbucket.ada();

    assertThat(bitbucket.api("POST", HOOKS, ada, BODY.replace("hush", "s".repeat(128))).status())
        .isEqualTo(201);
    assertThat(
            bitbucket
                .api("POST", HOOKS, ada, BODY.replace("hush", "s".repeat(129)))
                .text("/error/message"))
        .isEqualTo("secret: Ensure this value has at most 128 characters (it has 129).");
  }

  @Test
  void fiftyHooksAreEnough() {
    String ada = bitbucket.ada();
    for (int i = 0; i < 50; i++) {
      assertThat(bitbucket.api("POST", HOOKS, ada, BODY).status()).isEqualTo(201);
    }

    assertThat(bitbucket.api("POST", HOOKS, ada, BODY).status()).isEqualTo(400);
    assertThat(bitbucket.get(HOOKS + "?pagelen=100", ada).at("/values")).hasSize(50);
  }

  @Test
  void onlyAdministratorsInstallHooks() {
    bitbucket.control("PUT", "/users/bob", "{\"permissions\":{\"acme/app\":\"write\"}}");
    String bob = bitbucket.grant("bob").text("/access_token");

    Answer answer = bitbucket.api("POST", HOOKS, bob, BODY);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.text("/error/message"))
        .contains("does not have permission to install webhooks");
  }

  @Test
  void repositoryTokenInstallsHooksByItsScope() {
    String able = bitbucket.repositoryToken("acme/app", "repository", "webhook");
    String unable = bitbucket.repositoryToken("acme/app", "repository");

    assertThat(bitbucket.api("POST", HOOKS, able, BODY).status()).isEqualTo(201);
    assertThat(bitbucket.api("POST", HOOKS, unable, BODY).at("/error/detail/required").toString())
        .isEqualTo("[\"webhook\"]");
  }

  @Test
  void subscribingNeedsTheScopeOfTheEvent() {
    String token = bitbucket.repositoryToken("acme/app", "repository", "webhook");

    Answer answer =
        bitbucket.api("POST", HOOKS, token, BODY.replace("repo:push", "pullrequest:created"));

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.at("/error/detail/required").toString())
        .isEqualTo("[\"pullrequest\",\"webhook\"]");
  }

  @Test
  void eventsAreListedForEveryone() {
    Answer answer = bitbucket.call("GET", "/2.0/hook_events/repository?pagelen=100", "");

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.body()).contains("\"repo:push\"").doesNotContain("issue:");
  }
}
