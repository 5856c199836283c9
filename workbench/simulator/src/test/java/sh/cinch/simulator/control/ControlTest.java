package sh.cinch.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.TestBitbucket;

class ControlTest {
  private static final String UUID = "{3deb8c29-778a-450c-8f69-3e50a18079df}";

  private final TestBitbucket bitbucket = TestBitbucket.start();

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "PUT  | /repositories/acme/new         | {\"name\":\"x\"}                                 "
            + " | unknown field name",
        "PUT  | /repositories/acme/new         | {\"private\":\"yes\"}                            "
            + " | private must be true or false",
        "PUT  | /repositories/acme/new         | {\"uuid\":\"12\"}                                "
            + " | uuid is not a UUID",
        "PUT  | /repositories/acme/New         | {}                                               "
            + " | not a slug",
        "PUT  | /repositories/acme/new         | nonsense                                         "
            + " | not a JSON object",
        "POST | /repositories/acme/none/push   | {\"changes\":[]}                                 "
            + " | there is no repository acme/none",
        "POST | /repositories/acme/app/push    | {}                                               "
            + " | changes is missing",
        "POST | /repositories/acme/app/push    | {\"changes\":[{}]}                               "
            + " | ref is missing",
        "POST | /repositories/acme/app/push    | {\"changes\":[{\"ref\":\"main\"}]}               "
            + " | ref must begin with",
        "POST | /repositories/acme/app/push    |"
            + " {\"changes\":[{\"ref\":\"refs/heads/a\",\"too\":\"b\"}]} | unknown field too",
        "POST | /repositories/acme/app/push    |"
            + " {\"changes\":[{\"ref\":\"refs/heads/a\",\"to\":\"b\"}]} | 40 lower-case hex digits",
        "POST | /repositories/acme/app/push    |"
            + " {\"changes\":[{\"ref\":\"refs/heads/a\",\"commits\":0}]} | commits must be a whole"
            + " number",
        "POST | /repositories/acme/app/push    |"
            + " {\"changes\":[{\"ref\":\"refs/heads/a\",\"delete\":true}]} | does not exist",
        "POST | /repositories/acme/app/push    |"
            + " {\"changes\":[{\"ref\":\"refs/heads/a\"},{\"ref\":\"refs/heads/a\"}]} | named"
            + " twice",
        "POST | /repositories/acme/app/push    | {\"changes\":[],\"actor\":\"nobody\"}            "
            + " | there is no user nobody",
        "POST | /repositories/acme/app/deliver | {}                                               "
            + " | the query has no event",
        "POST | /repositories/acme/app/tokens  | {\"scopes\":[\"account\"]}                       "
            + " | cannot hold account",
        "POST | /repositories/acme/app/tokens  | {\"scopes\":[]}                                  "
            + " | scopes is empty",
        "POST | /repositories/acme/app/tokens  | {\"scopes\":[\"webhook\"],\"expiresInSeconds\":0}"
            + " | expiresInSeconds must be a whole number",
        "DELETE | /repositories/acme/none/tokens | {}                                           "
            + " | there is no repository acme/none",
        "POST | /users/ada/tokens              | {\"scopes\":[]}                               "
            + " | email is missing",
        "POST | /users/ada/tokens              | {\"email\":\"a@b\",\"scopes\":[\"repository\"]} "
            + " | repository is not a scope of an API token",
        "POST | /users/nobody/tokens           | {\"email\":\"a@b\",\"scopes\":[]}              "
            + " | there is no user nobody",
        "POST | /grants                        | {}                                             "
            + " | account is missing",
        "POST | /grants                        | {\"account\":\"Bob B\"}                         "
            + " | Bob B is not a nickname",
        "POST | /settings                      | {\"client\":\"gone\"}                           "
            + " | client is accepted, unauthenticated",
        "POST | /settings                      | {\"dialect\":\"klingon\"}                        "
            + " | dialect is legacy, current or kept",
        "POST | /settings                      | {\"hourlyLimit\":-1}                             "
            + " | hourlyLimit must be a whole number",
        "POST | /settings                      | {\"hourlyLimits\":1}                             "
            + " | unknown field hourlyLimits",
        "POST | /settings                      | {\"revokeGrant\":\"nobody\"}                     "
            + " | there is no user nobody",
        "POST | /settings                      | {\"statusIdentity\":\"name\"}                   "
            + " | statusIdentity is key or key+refname, not name",
        "POST | /repositories/acme/none/rename | {\"fullName\":\"acme/new\"}                   "
            + " | there is no repository acme/none",
        "POST | /repositories/acme/app/rename  | {\"redirect\":true}                           "
            + " | fullName is missing",
        "POST | /repositories/acme/app/rename  | {\"fullName\":\"new\"}                        "
            + " | fullName must be a workspace and a slug",
        "POST | /repositories/acme/app/rename  | {\"fullName\":\"acme/New\"}                   "
            + " | New is not a slug",
        "POST | /repositories/acme/app/rename  | {\"fullName\":\"acme/app\"}                   "
            + " | acme/app is taken",
        "PUT  | /repositories/acme/app/members | {\"account\":\"bob\"}                         "
            + " | role is missing",
        "PUT  | /repositories/acme/app/members | {\"account\":\"bob\",\"role\":\"owner\"}      "
            + " | role is read, write or admin",
        "POST | /repositories/acme/app/hooks   | {\"url\":\"nowhere\"}                         "
            + " | url is not an address",
        "DELETE | /repositories/acme/app/hooks/3deb8c29-778a-450c-8f69-3e50a18079df | {}       "
            + " | there is no hook {3deb8c29",
        "PUT | /repositories/acme/app/hooks/3deb8c29-778a-450c-8f69-3e50a18079df | {}          "
            + " | there is no hook {3deb8c29",
        "POST | /faults                        | {\"kind\":\"explode\"}                           "
            + " | kind is latency",
        "POST | /faults                        | {\"kind\":\"status\"}                            "
            + " | status is missing",
        "POST | /faults                        | {\"kind\":\"latency\"}                           "
            + " | ms is missing",
        "PUT  | /users/bob                     | {\"permissions\":{\"acme/app\":\"king\"}}        "
            + " | a permission is read, write or admin",
      })
  void badInputIsExplained(String method, String path, String body, String why) {
    Answer answer = bitbucket.control(method, path, body);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.header("Content-Type")).startsWith("text/plain");
    assertThat(answer.body()).contains(why);
  }

  @Test
  void refusedPushMovesNothing() {
    bitbucket.push(
        "acme/app", "{\"ref\":\"refs/heads/a\"},{\"ref\":\"refs/heads/b\",\"delete\":true}");

    Answer refs = bitbucket.get("/repositories/acme/app/refs", bitbucket.ada());

    assertThat(refs.at("/size").asInt()).isZero();
  }

  @Test
  void refusedSettingsChangeNothing() {
    bitbucket.settings("{\"hourlyLimit\":7,\"revokeGrant\":\"nobody\"}");

    assertThat(bitbucket.settings("{}").at("/hourlyLimit").asInt()).isZero();
  }

  @Test
  void everybodysGrantCanBeRevoked() {
    String token = bitbucket.ada();

    bitbucket.settings("{\"revokeGrant\":true}");

    assertThat(bitbucket.get("/user", token).status()).isEqualTo(401);
  }

  @Test
  void settingsThatAreLeftOutStay() {
    bitbucket.settings(
        "{\"client\":\"invalid-client\",\"clientIsPrivate\":false,"
            + "\"lockoutHoldsClientCredentials\":true,\"newestRefreshTokenOnly\":true}");

    Answer settings = bitbucket.settings("{\"hourlyLimit\":3}");

    assertThat(settings.text("/client")).isEqualTo("invalid-client");
    assertThat(settings.at("/clientIsPrivate").asBoolean(true)).isFalse();
    assertThat(settings.at("/lockoutHoldsClientCredentials").asBoolean()).isTrue();
    assertThat(settings.at("/newestRefreshTokenOnly").asBoolean()).isTrue();
  }

  @Test
  void peopleCanAgreeWithoutABrowser() {
    Answer granted = bitbucket.control("POST", "/grants", "{\"account\":\"carol\"}");

    Answer tokens =
        bitbucket.token(
            "grant_type=authorization_code&code=%s&redirect_uri=%s"
                .formatted(
                    granted.text("/code"),
                    URLEncoder.encode(TestBitbucket.CALLBACK, StandardCharsets.UTF_8)));
    String again = bitbucket.control("POST", "/grants", "{\"account\":\"carol\"}").text("/code");

    assertThat(granted.status()).isEqualTo(201);
    assertThat(tokens.status()).as(tokens.body()).isEqualTo(200);
    Answer carol = bitbucket.get("/user", tokens.text("/access_token"));
    assertThat(carol.text("/nickname")).isEqualTo("carol");
    assertThat(bitbucket.control("PUT", "/users/carol", "").text("/uuid"))
        .as("the second time she is not made anew")
        .isEqualTo(carol.text("/uuid"));
    assertThat(bitbucket.token("grant_type=authorization_code&code=" + again).text("/error"))
        .as("the exchange must name the callback")
        .isEqualTo("invalid_grant");
  }

  @Test
  void repositoryGetsTheUuidItIsGiven() {
    Answer made =
        bitbucket.control(
            "PUT",
            "/repositories/acme/other",
            "{\"uuid\":\"%s\",\"private\":false}".formatted(UUID.substring(1, 37)));

    assertThat(made.status()).isEqualTo(201);
    assertThat(made.text("/uuid")).isEqualTo(UUID);
    assertThat(made.at("/is_private").asBoolean()).isFalse();
    assertThat(bitbucket.repository("acme/other").status()).isEqualTo(200);
    assertThat(bitbucket.repository("acme/other").text("/uuid")).isEqualTo(UUID);
    assertThat(
            bitbucket
                .control("PUT", "/repositories/acme/third", "{\"uuid\":\"" + UUID + "\"}")
                .body())
        .contains("uuid belongs to acme/other");
  }

  @Test
  void nameCanComeToMeanAnotherRepository() {
    String before = bitbucket.repository("acme/app").text("/uuid");
    bitbucket.commit("acme/app");

    bitbucket.control("PUT", "/repositories/acme/app", "{\"uuid\":\"" + UUID + "\"}");

    String ada = bitbucket.ada();
    assertThat(bitbucket.get("/repositories/acme/app", ada).text("/uuid")).isEqualTo(UUID);
    assertThat(bitbucket.get("/repositories/acme/app/refs", ada).at("/size").asInt()).isZero();
    assertThat(
            bitbucket
                .get("/repositories/acme/" + before.replace("{", "%7B").replace("}", "%7D"), ada)
                .status())
        .isEqualTo(404);
  }

  @Test
  void memberMayDoWhatTheRoleSays() {
    bitbucket.control("PUT", "/repositories/acme/app/members", member("read"));
    String bob = bitbucket.grant("bob").text("/access_token");
    int asReader = bitbucket.get("/repositories/acme/app/hooks", bob).status();

    Answer answer = bitbucket.control("PUT", "/repositories/acme/app/members", member("admin"));

    assertThat(answer.text("/nickname")).isEqualTo("bob");
    assertThat(asReader).isEqualTo(403);
    assertThat(bitbucket.get("/repositories/acme/app/hooks", bob).status()).isEqualTo(200);
  }

  private static String member(String role) {
    return "{\"account\":\"bob\",\"role\":\"%s\"}".formatted(role);
  }

  @Test
  void peopleAddAndRemoveHooks() throws IOException {
    try (var receiver = new Receiver(200)) {
      String hooks = "/repositories/acme/app/hooks";
      Answer added =
          bitbucket.control(
              "POST", hooks, "{\"url\":\"%s\",\"secret\":\"hush\"}".formatted(receiver.url()));
      bitbucket.commit("acme/app");

      String uuid = added.text("/uuid").replace("{", "%7B").replace("}", "%7D");
      Answer removed = bitbucket.control("DELETE", hooks + "/" + uuid, "");
      bitbucket.commit("acme/app");

      assertThat(added.status()).isEqualTo(201);
      assertThat(removed.status()).isEqualTo(204);
      assertThat(receiver.received()).hasSize(1);
      assertThat(receiver.received().getFirst().header("X-Hub-Signature")).startsWith("sha256=");
      assertThat(bitbucket.get(hooks, bitbucket.ada()).at("/size").asInt()).isZero();
    }
  }

  @Test
  void peopleChangeHooks() throws IOException {
    try (var receiver = new Receiver(200)) {
      String hooks = "/repositories/acme/app/hooks";
      String uuid =
          bitbucket
              .control("POST", hooks, "{\"url\":\"https://h.example\",\"secret\":\"hush\"}")
              .text("/uuid");
      String one = hooks + "/" + uuid.replace("{", "%7B").replace("}", "%7D");

      bitbucket.control("PUT", one, "{\"url\":\"%s\"}".formatted(receiver.url()));
      bitbucket.commit("acme/app");
      bitbucket.control("PUT", one, "{\"secret\":\"\"}");
      bitbucket.commit("acme/app");
      bitbucket.control("PUT", one, "{\"events\":[\"repo:fork\"]}");
      bitbucket.commit("acme/app");
      bitbucket.control("PUT", one, "{\"events\":[\"repo:push\"],\"active\":false}");
      bitbucket.commit("acme/app");

      assertThat(receiver.received()).hasSize(2);
      assertThat(receiver.received().getFirst().header("X-Hub-Signature")).startsWith("sha256=");
      assertThat(receiver.received().getLast().header("X-Hub-Signature")).isEqualTo("null");
      Answer listed = bitbucket.get(hooks, bitbucket.ada());
      assertThat(listed.at("/values/0/active").asBoolean()).isFalse();
      assertThat(listed.at("/values/0/secret_set").asBoolean()).isFalse();
      assertThat(listed.at("/values/0/events/0").asText()).isEqualTo("repo:push");
    }
  }

  @Test
  void requestsAreCountedByKind() {
    String token = bitbucket.repositoryToken("acme/app", "repository");
    bitbucket.get("/repositories/acme/app", token);
    bitbucket.get("/repositories/acme/app", token);
    bitbucket.get("/user", token);
    bitbucket.get("/user", "made-up");

    Answer repositories = bitbucket.control("GET", "/requests?path=/2.0/repositories/*", "");
    Answer all = bitbucket.control("GET", "/requests", "");

    assertThat(repositories.at("/requests")).hasSize(1);
    assertThat(repositories.text("/requests/0/method")).isEqualTo("GET");
    assertThat(repositories.text("/requests/0/route"))
        .isEqualTo("/2.0/repositories/:workspace/:repo");
    assertThat(repositories.text("/requests/0/account")).startsWith("token-");
    assertThat(repositories.at("/requests/0/status").asInt()).isEqualTo(200);
    assertThat(repositories.at("/requests/0/count").asInt()).isEqualTo(2);
    assertThat(all.at("/total").asInt()).isEqualTo(4);
    assertThat(all.at("/requests").findValuesAsText("account")).contains("anonymous");
  }

  @Test
  void tokenRequestsAreCountedByTheirClient() {
    bitbucket.token("grant_type=client_credentials");

    assertThat(bitbucket.control("GET", "/requests?path=/site/*", "").text("/requests/0/account"))
        .isEqualTo("cinch");
  }

  @Test
  void unknownControlIsNotFound() {
    assertThat(bitbucket.control("GET", "/unknown", "").status()).isEqualTo(404);
  }
}
