package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.OpaqueToken;
import sh.cinch.bitbucket.RawServer.Seen;
import sh.cinch.bitbucket.webhook.HookUuid;

/** What each call sends, and what it reads from a documented answer. */
class CallsTest extends ClientFixture {
  private static final HookUuid HOOK = new HookUuid("{15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b}");
  private static final HookRequest HOOK_REQUEST =
      new HookRequest(
          "Cinch",
          "https://ci.example.com/webhooks/bitbucket/7",
          Set.of("repo:push"),
          Optional.of(new OpaqueToken("hush")));
  private static final String HOOK_BODY =
      """
      {"type":"webhook_subscription","uuid":"%s","url":"https://ci.example.com/webhooks/bitbucket/7",
       "description":"Cinch","active":false,"events":["repo:push"],"secret_set":true,"history_enabled":false}
      """
          .formatted(HOOK.value());

  @Test
  void workspaces() {
    server.answersJson(
        200,
        """
        {"values":[{"type":"workspace_access","administrator":true,
          "workspace":{"type":"workspace_base","uuid":"{w}","slug":"lighthouse"}}]}
        """);

    assertThat(ok(client.workspaces()).items())
        .containsExactly(new Workspace(Optional.of("{w}"), Optional.of("lighthouse"), true));
    assertThat(sent().line()).isEqualTo("GET /2.0/user/workspaces?pagelen=100");
  }

  @Test
  void repositoryByUuidIsPercentEncoded() {
    server.answersJson(
        200,
        """
        {"uuid":"{r}","full_name":"lighthouse/beacon","name":"Beacon","is_private":false,"mainbranch":{"name":"main"},
         "links":{"clone":[{"name":"ssh","href":"git@bitbucket.org:lighthouse/beacon.git"},
           {"name":"https","href":"https://vera@bitbucket.org/lighthouse/beacon.git"}]}}
        """);

    assertThat(ok(client.repository(new RepositoryAddress("{w}", "{r}"))))
        .isEqualTo(
            new Repository(
                "{r}",
                "lighthouse/beacon",
                "Beacon",
                Optional.empty(),
                false,
                Optional.of("main"),
                Optional.of("https://bitbucket.org/lighthouse/beacon.git")));
    assertThat(sent().line()).isEqualTo("GET /2.0/repositories/%7Bw%7D/%7Br%7D");
  }

  @Test
  void aRepositoryThatMovedIsAskedForAnewAtOurOwnApi() {
    server.plays(
        (seen, response) -> {
          if (seen.line().endsWith("/moved")) {
            response.setStatusCode(200).end("{\"uuid\":\"{r}\",\"full_name\":\"a/moved\"}");
          } else {
            response
                .setStatusCode(301)
                .putHeader("Location", "https://elsewhere.example/2.0/repositories/a/moved")
                .end();
          }
        });

    assertThat(ok(client.repository(BEACON)).fullName()).isEqualTo("a/moved");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void aRepositoryThatMovesInACircleIsNotFollowed() {
    server.plays(
        (seen, response) ->
            response.setStatusCode(301).putHeader("Location", "/2.0/repositories/a/b").end());

    assertThat(unavailable(client.repository(BEACON)).what()).contains("301");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void anEmptyRepositoryIsOne() {
    server.answersJson(
        200,
        """
        {"uuid":"{r}","full_name":"a/b","mainbranch":null,"workspace":{"uuid":"{w}"}}
        """);

    assertThat(ok(client.repository(BEACON)))
        .isEqualTo(
            new Repository(
                "{r}", "a/b", "a/b", Optional.of("{w}"), true, Optional.empty(), Optional.empty()));
  }

  @Test
  void hooks() {
    server.answersJson(200, "{\"values\":[%s]}".formatted(HOOK_BODY));

    assertThat(ok(client.hooks(BEACON)).items())
        .containsExactly(
            new Hook(
                HOOK,
                "https://ci.example.com/webhooks/bitbucket/7",
                "Cinch",
                false,
                Optional.of(Set.of("repo:push")),
                Optional.of(true)));
    assertThat(sent().line())
        .isEqualTo("GET /2.0/repositories/lighthouse/beacon/hooks?pagelen=100");
  }

  @Test
  void whatAHookDoesNotSayIsNotMadeUp() {
    server.answersJson(
        200,
        """
        {"values":[{"uuid":"%s","url":"https://ci.example.com","events":null,"active":"yes"}]}
        """
            .formatted(HOOK.value()));

    assertThat(ok(client.hooks(BEACON)).items())
        .containsExactly(
            new Hook(HOOK, "https://ci.example.com", "", true, Optional.empty(), Optional.empty()));
  }

  @Test
  void createHook() throws IOException {
    server.answersJson(201, HOOK_BODY);

    assertThat(ok(client.createHook(BEACON, HOOK_REQUEST)).uuid()).isEqualTo(HOOK);
    assertThat(sent().line()).isEqualTo("POST /2.0/repositories/lighthouse/beacon/hooks");
    assertThat(json(sent()))
        .isEqualTo(
            json(
                """
                {"description":"Cinch","url":"https://ci.example.com/webhooks/bitbucket/7","active":true,
                 "events":["repo:push"],"secret":"hush"}
                """));
  }

  @Test
  void updateHookWithoutASecretKeepsTheOneThere() throws IOException {
    server.answersJson(200, HOOK_BODY);
    var request =
        new HookRequest("Cinch", "https://ci.example.com", Set.of("repo:push"), Optional.empty());

    ok(client.updateHook(BEACON, HOOK, request));

    assertThat(sent().line())
        .isEqualTo(
            "PUT /2.0/repositories/lighthouse/beacon/hooks/%7B15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b%7D");
    assertThat(sent().body()).doesNotContain("secret");
  }

  @Test
  void deleteHookNeedsNoBodyBack() {
    server.plays((seen, response) -> response.setStatusCode(204).end());

    assertThat(client.deleteHook(BEACON, HOOK)).isEqualTo(new Answer.Ok<>(new Done(), 204));
    assertThat(sent().line()).startsWith("DELETE /2.0/repositories/lighthouse/beacon/hooks/%7B");
  }

  @Test
  void postStatus() throws IOException {
    server.answersJson(
        201, "{\"type\":\"build\",\"key\":\"unit\",\"state\":\"FAILED\",\"refname\":null}");
    var url = new StatusUrl("https://ci.example.com/jobs/{412}");
    var status =
        new CommitStatus(
            new StatusKey("unit"), State.FAILED, "Unit", "3 failed", url, "refs/heads/lamp/blue");

    assertThat(client.postStatus(BEACON, COMMIT, status))
        .isEqualTo(new Answer.Ok<>(new PostedStatus("unit", "FAILED"), 201));
    assertThat(sent().line())
        .isEqualTo(
            "POST /2.0/repositories/lighthouse/beacon/commit/%s/statuses/build".formatted(COMMIT));
    assertThat(json(sent()))
        .isEqualTo(
            json(
                """
                {"key":"unit","state":"FAILED","name":"Unit","description":"3 failed",
                 "url":"https://ci.example.com/jobs/%7B412%7D","refname":"lamp/blue"}
                """));
  }

  @Test
  void branchesAndTags() {
    server.answersJson(
        200, "{\"values\":[{\"name\":\"x\",\"target\":{\"hash\":\"%s\"}}]}".formatted(COMMIT));

    assertThat(ok(client.branches(BEACON)).items()).containsExactly(new Head("x", COMMIT));
    assertThat(ok(client.tags(BEACON)).items()).containsExactly(new Head("x", COMMIT));
    assertThat(server.requests())
        .extracting(Seen::line)
        .containsExactly(
            "GET /2.0/repositories/lighthouse/beacon/refs/branches?pagelen=100",
            "GET /2.0/repositories/lighthouse/beacon/refs/tags?pagelen=100");
  }

  @Test
  void commit() {
    server.answersJson(
        200,
        """
        {"hash":"%s","message":"Fix\\n","date":"2026-11-20T08:00:00+01:00","author":{"raw":"Vera <v@l.example>"}}
        """
            .formatted(COMMIT));

    assertThat(ok(client.commit(BEACON, "b2b2")))
        .isEqualTo(
            new Commit(
                COMMIT,
                "Fix\n",
                Optional.of("Vera <v@l.example>"),
                Optional.of(Instant.parse("2026-11-20T07:00:00Z"))));
    assertThat(sent().line()).isEqualTo("GET /2.0/repositories/lighthouse/beacon/commit/b2b2");
  }

  @Test
  void downloads() {
    server.answersJson(
        200,
        """
        {"values":[{"type":"download","name":"a b.zip","size":4294967297,"created_on":"2026-11-20T08:00:00+00:00",
          "downloads":3,"links":{"self":{"href":"https://api.example/x"}}},{"name":"bare"}]}
        """);

    assertThat(ok(client.downloads(BEACON)).items())
        .containsExactly(
            new Download(
                "a b.zip",
                OptionalLong.of(4294967297L),
                Optional.of(Instant.parse("2026-11-20T08:00:00Z")),
                Optional.of("https://api.example/x")),
            new Download("bare", OptionalLong.empty(), Optional.empty(), Optional.empty()));
    assertThat(sent().line())
        .isEqualTo("GET /2.0/repositories/lighthouse/beacon/downloads?pagelen=100");
  }

  @Test
  void deleteDownload() {
    server.plays((seen, response) -> response.setStatusCode(204).end());

    ok(client.deleteDownload(BEACON, "a b/c.zip"));

    assertThat(sent().line())
        .isEqualTo("DELETE /2.0/repositories/lighthouse/beacon/downloads/a%20b%2Fc.zip");
  }

  @Test
  void theCallersHeadersGoAlongAndTheCredentialIsOurs() {
    server.answersJson(200, "{\"uuid\":\"{u}\"}");

    client.withHeaders(() -> Map.of("traceparent", "00-1-2-01", "Authorization", "x")).user();

    assertThat(sent().header("traceparent")).isEqualTo("00-1-2-01");
    assertThat(sent().header("Authorization")).isEqualTo("Bearer s3cret");
    assertThat(sent().header("Accept")).isEqualTo("application/json");
  }

  @ParameterizedTest
  @ValueSource(strings = {"acme", "/app", "acme/", "acme/..", "./app", "a/b/c", "", "/"})
  void aRepositoryIsWrittenInTwoParts(String text) {
    assertThat(RepositoryAddress.parse(text)).isEmpty();
  }

  @Test
  void blanksSlashesAndQuestionMarksStayInTheirSegment() {
    server.answersJson(404, "");

    client.commit(BEACON, "a b+c/d?e");

    assertThat(sent().line())
        .isEqualTo("GET /2.0/repositories/lighthouse/beacon/commit/a%20b%2Bc%2Fd%3Fe");
  }

  @Test
  void noPathClimbs() {
    assertThatThrownBy(() -> client.commit(BEACON, ".."))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> client.repositories("..", RepositoryRole.ADMIN))
        .isInstanceOf(IllegalArgumentException.class);
    assertThat(server.requests()).isEmpty();
  }

  @Test
  void aHookRequestDoesNotShowItsSecret() {
    assertThat(HOOK_REQUEST.toString()).doesNotContain("hush");
  }

  private Seen sent() {
    return server.onlyRequest();
  }

  private static Object json(Seen seen) throws IOException {
    return json(seen.body());
  }

  private static Object json(String text) throws IOException {
    return new JsonMapper().readValue(text, Map.class);
  }
}
