package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class StatusRoutesTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();
  private String commit = "";
  private String token = "";

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
    commit = bitbucket.commit("acme/app");
    token = bitbucket.repositoryToken("acme/app", "repository");
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private static String body(String key, String state, String url) {
    return new ObjectMapper()
        .createObjectNode()
        .put("key", key)
        .put("state", state)
        .put("url", url)
        .put("name", "app #412")
        .put("refname", "main")
        .toString();
  }

  private static String body(String key, String state) {
    return body(key, state, "https://ci.example.com/412");
  }

  private String statuses() {
    return "/repositories/acme/app/commit/" + commit + "/statuses";
  }

  private Answer post(String body) {
    return bitbucket.api("POST", statuses() + "/build", token, body);
  }

  private JsonNode control() {
    return bitbucket.control("GET", "/repositories/acme/app/statuses", "").json();
  }

  @Test
  void statusIsCreatedAndRead() {
    Answer created = post(body("unit", "INPROGRESS"));
    Answer read = bitbucket.get(statuses() + "/build/unit", token);

    assertThat(created.status()).isEqualTo(201);
    assertThat(created.text("/type")).isEqualTo("build");
    assertThat(created.text("/refname")).isEqualTo("main");
    assertThat(created.text("/commit/hash")).isEqualTo(commit);
    assertThat(created.text("/repository/full_name")).isEqualTo("acme/app");
    assertThat(created.text("/author/type")).isEqualTo("app_user");
    assertThat(created.text("/created_on")).isEqualTo("2026-11-23T15:00:00.123456+00:00");
    assertThat(read.json()).isEqualTo(created.json());
  }

  @Test
  void sameKeyIsOverwritten() {
    post(body("unit", "INPROGRESS"));

    Answer second = post(body("unit", "SUCCESSFUL"));

    assertThat(second.status()).isEqualTo(200);
    assertThat(bitbucket.get(statuses(), token).at("/size").asInt()).isEqualTo(1);
    assertThat(bitbucket.get(statuses(), token).text("/values/0/state")).isEqualTo("SUCCESSFUL");
  }

  @Test
  void lateStateOverwritesToo() {
    post(body("unit", "SUCCESSFUL"));
    post(body("unit", "INPROGRESS"));

    assertThat(bitbucket.get(statuses() + "/build/unit", token).text("/state"))
        .isEqualTo("INPROGRESS");
  }

  @Test
  void longKeyIsRefusedInTheRecordedWords() {
    Answer answer = post(body("k".repeat(58), "FAILED"));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body())
        .isEqualTo(
            "{\"type\":\"error\",\"error\":{\"message\":\"key: Ensure this value has at most 40"
                + " characters (it has 58).\",\"fields\":{\"key\":[\"Ensure this value has at most"
                + " 40 characters (it has 58).\"]}}}");
  }

  @Test
  void keyIsMeasuredInCodePoints() {
    assertThat(post(body("🚀".repeat(40), "FAILED")).status()).isEqualTo(201);
    assertThat(post(body("🚀".repeat(41), "FAILED")).status()).isEqualTo(400);
  }

  @Test
  void nameHasAtMost255Characters() {
    assertThat(post(body("unit", "FAILED").replace("app #412", "n".repeat(255))).status())
        .isEqualTo(201);
    assertThat(
            post(body("unit", "FAILED").replace("app #412", "n".repeat(256)))
                .text("/error/message"))
        .isEqualTo("name: Ensure this value has at most 255 characters (it has 256).");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://jenkins1:8080/job/1",
        "http://localhost:8080/1",
        "/relative",
        "ftp://ci.example.com/1",
        "https://",
        "https://ci.example.com/a b",
        "ci.example.com",
      })
  void unfitUrlIsRefused(String url) {
    Answer answer = post(body("unit", "FAILED", url));

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.text("/error/message")).isEqualTo("url: Enter a valid URL.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/job/1",
        "https://ci.example.com/a%20b?c=d#e",
        "https://ci.example.com/{repository.full_name}/{commit.hash}",
        "http://[::1]:8080/1",
      })
  void fitUrlIsTaken(String url) {
    assertThat(post(body("unit", "FAILED", url)).status()).isEqualTo(201);
  }

  @Test
  void urlHasAtMost450Characters() {
    String url = "https://ci.example.com/" + "x".repeat(427);

    assertThat(post(body("unit", "FAILED", url)).status()).isEqualTo(201);
    assertThat(post(body("unit", "FAILED", url + "x")).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"{}", "{\"key\":\"a\",\"state\":\"SUCCESSFUL\"}", "[]", "nonsense"})
  void whatIsMissingIsRefused(String body) {
    assertThat(post(body).status()).isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(strings = {"PENDING", "successful", "CANCELLED"})
  void onlyFourStatesAreKnown(String state) {
    assertThat(post(body("unit", state)).at("/error/fields").has("state")).isTrue();
  }

  @Test
  void unknownCommitIsNotFound() {
    commit = "0".repeat(40);

    assertThat(post(body("unit", "FAILED")).status()).isEqualTo(404);
  }

  @Test
  void abbreviatedCommitIsFound() {
    String full = commit;
    commit = full.substring(0, 12);

    assertThat(post(body("unit", "FAILED")).text("/commit/hash")).isEqualTo(full);
    assertThat(bitbucket.get("/repositories/acme/app/commit/" + commit, token).text("/hash"))
        .isEqualTo(full);
  }

  @Test
  void updateChangesWhatExistsAndKeepsTheKey() {
    String path = statuses() + "/build/unit";
    Answer missing = bitbucket.api("PUT", path, token, body("unit", "FAILED"));
    post(body("unit", "INPROGRESS"));

    Answer updated = bitbucket.api("PUT", path, token, "{\"state\":\"FAILED\",\"key\":\"other\"}");

    assertThat(missing.status()).isEqualTo(404);
    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.text("/key")).isEqualTo("unit");
    assertThat(updated.text("/state")).isEqualTo("FAILED");
    assertThat(updated.text("/name")).isEqualTo("app #412");
  }

  @Test
  void othersMayNotOverwriteButAdministratorsMay() {
    post(body("unit", "INPROGRESS"));
    String creator = token;
    token = bitbucket.repositoryToken("acme/app", "repository:write");
    Answer other = post(body("unit", "FAILED"));
    Answer otherByPut =
        bitbucket.api("PUT", statuses() + "/build/unit", token, "{\"state\":\"FAILED\"}");
    token = bitbucket.ada();
    Answer administrator = post(body("unit", "STOPPED"));
    token = creator;
    Answer own = post(body("unit", "SUCCESSFUL"));

    assertThat(other.status()).isEqualTo(403);
    assertThat(otherByPut.status()).isEqualTo(403);
    assertThat(administrator.status()).isEqualTo(200);
    assertThat(own.status()).as("an administrator's write takes nothing over").isEqualTo(200);
  }

  @Test
  void listIsFilteredByRefname() {
    post(body("unit", "FAILED"));
    post(body("lint", "FAILED").replace("\"main\"", "\"feature/x\""));

    Answer answer = bitbucket.get(statuses() + "?refname=feature/x", token);

    assertThat(answer.at("/size").asInt()).isEqualTo(1);
    assertThat(answer.text("/values/0/key")).isEqualTo("lint");
  }

  private Answer postUnder(String refname, String state) {
    return post(body("unit", state).replace("\"main\"", '"' + refname + '"'));
  }

  private Answer postWithoutRefname(String state) {
    return post(body("unit", state).replace(",\"refname\":\"main\"", ""));
  }

  private void identifyBy(String identity) {
    assertThat(
            bitbucket.settings("{\"statusIdentity\":\"" + identity + "\"}").text("/statusIdentity"))
        .isEqualTo(identity);
  }

  private Answer put(String key, String body) {
    return bitbucket.api("PUT", statuses() + "/build/" + key, token, body);
  }

  @Test
  void keyAloneIdentifiesAStatusUnlessToldOtherwise() {
    postUnder("main", "INPROGRESS");

    Answer second = postUnder("develop", "SUCCESSFUL");

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text("/refname")).isEqualTo("develop");
    assertThat(bitbucket.get(statuses(), token).at("/size").asInt()).isEqualTo(1);
    assertThat(bitbucket.settings("{}").text("/statusIdentity")).isEqualTo("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"key", "key+refname"})
  void refnameIsNeverSetBackToNone(String identity) {
    identifyBy(identity);
    postUnder("main", "INPROGRESS");

    Answer updated = put("unit", "{\"state\":\"FAILED\",\"refname\":null}");

    assertThat(updated.status()).isEqualTo(200);
    assertThat(updated.text("/refname")).isEqualTo("main");
  }

  @Test
  void writeWithoutRefnameKeepsWhatTheKeyHas() {
    postUnder("main", "INPROGRESS");

    Answer second = postWithoutRefname("SUCCESSFUL");

    assertThat(second.status()).isEqualTo(200);
    assertThat(second.text("/refname")).isEqualTo("main");
    assertThat(second.text("/state")).isEqualTo("SUCCESSFUL");
    assertThat(control().at("/statuses")).hasSize(1);
  }

  @Test
  void oneKeyStandsOnceUnderEachRefnameAndOnceWithout() {
    identifyBy("key+refname");
    int main = postUnder("main", "INPROGRESS").status();
    int develop = postUnder("develop", "INPROGRESS").status();
    int without = postWithoutRefname("INPROGRESS").status();

    Answer again = postUnder("main", "SUCCESSFUL");
    Answer withoutAgain = postWithoutRefname("FAILED");

    assertThat(List.of(main, develop, without)).containsOnly(201);
    assertThat(again.status()).isEqualTo(200);
    assertThat(withoutAgain.status()).isEqualTo(200);
    for (JsonNode list :
        List.of(bitbucket.get(statuses(), token).at("/values"), control().at("/statuses"))) {
      assertThat(list.findValuesAsText("refname")).containsExactly("main", "develop", "null");
      assertThat(list.findValuesAsText("state"))
          .containsExactly("SUCCESSFUL", "INPROGRESS", "FAILED");
    }
    assertThat(bitbucket.get(statuses() + "?refname=main", token).at("/values"))
        .containsExactly(again.json());
  }

  @Test
  void pathOfAKeyMeansTheNewestAndAnUpdateLeavesItsRefname() {
    identifyBy("key+refname");
    postUnder("main", "INPROGRESS");
    postUnder("develop", "INPROGRESS");
    postUnder("main", "SUCCESSFUL");

    Answer updated = put("unit", "{\"state\":\"FAILED\",\"refname\":\"main\"}");

    assertThat(updated.text("/refname")).isEqualTo("develop");
    assertThat(bitbucket.get(statuses() + "/build/unit", token).json()).isEqualTo(updated.json());
    assertThat(control().at("/statuses").findValuesAsText("state"))
        .containsExactly("SUCCESSFUL", "FAILED");
  }

  @Test
  void eachRefnamesStatusIsItsCreatorsOwn() {
    identifyBy("key+refname");
    postUnder("main", "INPROGRESS");
    token = bitbucket.repositoryToken("acme/app", "repository");

    assertThat(postUnder("develop", "FAILED").status()).isEqualTo(201);
    assertThat(postUnder("main", "FAILED").status()).isEqualTo(403);
  }

  @Test
  void everyWriteIsNotedInOrderWithItsAnswer() {
    post(body("unit", "INPROGRESS"));
    post(body("unit", "NONSENSE"));
    post("not json");
    post(body("unit", "SUCCESSFUL"));

    JsonNode seen = control();

    assertThat(seen.at("/writes").findValuesAsText("answer"))
        .containsExactly("201", "400", "400", "200");
    assertThat(seen.at("/writes/1/body/state").asText()).isEqualTo("NONSENSE");
    assertThat(seen.at("/writes/2/body").asText()).isEqualTo("not json");
    assertThat(seen.at("/writes/3/key").asText()).isEqualTo("unit");
    assertThat(seen.at("/writes/3/commit").asText()).isEqualTo(commit);
    assertThat(seen.at("/writes/0/account").asText()).startsWith("token-");
    assertThat(seen.at("/writes/0/time").asText()).isEqualTo("2026-11-23T15:00:00.123456+00:00");
    assertThat(seen.at("/statuses").findValuesAsText("state")).containsExactly("SUCCESSFUL");
  }
}
