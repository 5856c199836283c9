package sh.cinch.simulator.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.TestBitbucket;

class RenameTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();
  private String ada = "";
  private String uuid = "";
  private String workspaceUuid = "";

  @BeforeEach
  void repository() {
    Answer repository = bitbucket.repository("acme/app");
    uuid = repository.text("/uuid");
    workspaceUuid = repository.text("/workspace/uuid");
    ada = bitbucket.ada();
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private Answer rename(String from, String to, boolean redirect) {
    return bitbucket.control(
        "POST",
        "/repositories/%s/rename".formatted(from),
        "{\"fullName\":\"%s\",\"redirect\":%s}".formatted(to, redirect));
  }

  private Answer get(String workspace, String name) {
    return bitbucket.get("/repositories/%s/%s".formatted(encoded(workspace), encoded(name)), ada);
  }

  private static String encoded(String uuid) {
    return uuid.replace("{", "%7B").replace("}", "%7D");
  }

  private String api(String path) {
    return bitbucket.url() + "/2.0/repositories/" + path;
  }

  @Test
  void everythingIsThereUnderTheNewNameAndTheSameUuid() {
    String commit = bitbucket.commit("acme/app");
    String token = bitbucket.repositoryToken("acme/app", "repository");

    Answer renamed = rename("acme/app", "acme/application", true);

    assertThat(renamed.status()).isEqualTo(200);
    assertThat(renamed.text("/uuid")).isEqualTo(uuid);
    assertThat(renamed.text("/workspace/uuid")).isEqualTo(workspaceUuid);
    assertThat(renamed.text("/full_name")).isEqualTo("acme/application");
    assertThat(renamed.text("/name")).isEqualTo("application");
    assertThat(renamed.text("/slug")).isEqualTo("application");
    assertThat(renamed.text("/links/self/href")).isEqualTo(api("acme/application"));
    assertThat(renamed.text("/links/clone/0/href"))
        .isEqualTo(bitbucket.url() + "/acme/application.git");
    Answer kept = bitbucket.get("/repositories/acme/application/commit/" + commit, token);
    assertThat(kept.text("/links/self/href")).isEqualTo(api("acme/application/commit/" + commit));
    assertThat(get(workspaceUuid, uuid).text("/full_name")).isEqualTo("acme/application");
  }

  @Test
  void pushesSayTheNewName() throws IOException {
    try (var receiver = new Receiver(202)) {
      bitbucket.control(
          "POST", "/repositories/acme/app/hooks", "{\"url\":\"%s\"}".formatted(receiver.url()));
      rename("acme/app", "acme-labs/application", true);

      bitbucket.commit("acme-labs/application");

      JsonNode body = new ObjectMapper().readTree(receiver.received().getLast().body().getBytes());
      assertThat(body.at("/repository/full_name").asText()).isEqualTo("acme-labs/application");
      assertThat(body.at("/repository/uuid").asText()).isEqualTo(uuid);
      assertThat(body.at("/repository/workspace/slug").asText()).isEqualTo("acme-labs");
      assertThat(body.at("/push/changes/0/links/html/href").asText())
          .isEqualTo(bitbucket.url() + "/acme-labs/application/branch/main");
    }
  }

  @Test
  void oldPathLeadsToTheNewOneWithItsQuery() {
    String statuses = "/commit/" + bitbucket.commit("acme/app") + "/statuses";
    rename("acme/app", "acme/application", true);

    Answer answer =
        bitbucket.get("/repositories/ACME/App" + statuses + "?pagelen=7&refname=a%2Fb%20c", ada);

    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.header("Location"))
        .isEqualTo(api("acme/application" + statuses + "?pagelen=7&refname=a%2Fb+c"));
    assertThat(bitbucket.get(answer.header("Location"), ada).status()).isEqualTo(200);
    assertThat(get("acme", "app").header("Location")).isEqualTo(api("acme/application"));
    assertThat(get(workspaceUuid, "app").header("Location")).isEqualTo(api("acme/application"));
    assertThat(bitbucket.call("GET", "/acme/app", "").header("Location"))
        .isEqualTo("/acme/application");
  }

  @Test
  void writeToTheOldPathHasNoEffect() {
    String path = "/commit/" + bitbucket.commit("acme/app") + "/statuses/build";
    rename("acme/app", "acme/application", true);

    Answer answer =
        bitbucket.api(
            "POST",
            "/repositories/acme/app" + path,
            ada,
            "{\"key\":\"unit\",\"state\":\"FAILED\",\"url\":\"https://ci.example.com\"}");

    assertThat(answer.status()).isEqualTo(301);
    assertThat(answer.header("Location")).isEqualTo(api("acme/application" + path));
    assertThat(bitbucket.control("GET", "/repositories/acme/application/statuses", "").body())
        .isEqualTo("{\"statuses\":[],\"writes\":[]}");
  }

  @Test
  void oldPathIsNotFoundWithoutRedirect() {
    rename("acme/app", "acme/application", false);

    assertThat(get("acme", "app").status()).isEqualTo(404);
    assertThat(get("acme", uuid).status()).isEqualTo(200);
    assertThat(bitbucket.call("GET", "/acme/app", "").status()).isEqualTo(404);
  }

  @Test
  void strangerDoesNotLearnTheNewName() {
    bitbucket.repository("acme/other");
    rename("acme/app", "acme/application", true);

    Answer answer =
        bitbucket.get(
            "/repositories/acme/app", bitbucket.repositoryToken("acme/other", "repository"));

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.header("Location")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void workspaceOfOneRepositoryIsRenamedWithIt(boolean redirect) {
    Answer renamed = rename("acme/app", "acme-labs/app", redirect);

    assertThat(renamed.text("/workspace/uuid")).isEqualTo(workspaceUuid);
    assertThat(renamed.text("/workspace/slug")).isEqualTo("acme-labs");
    assertThat(get(workspaceUuid, uuid).text("/full_name")).isEqualTo("acme-labs/app");
    assertThat(get("acme-labs", uuid).status()).isEqualTo(200);
    for (String name : List.of("app", uuid)) {
      Answer old = get("acme", name);
      assertThat(old.status()).as(name).isEqualTo(redirect ? 301 : 404);
      assertThat(old.header("Location")).isEqualTo(redirect ? api("acme-labs/app") : "");
    }
    assertThat(bitbucket.get("/repositories/acme", ada).status()).isEqualTo(404);
  }

  @Test
  void otherRepositoriesStayInTheirWorkspace() {
    bitbucket.repository("acme/other");

    String labs = rename("acme/app", "acme-labs/app", false).text("/workspace/uuid");

    assertThat(labs).isNotEqualTo(workspaceUuid);
    assertThat(get(labs, uuid).status()).isEqualTo(200);
    assertThat(get(workspaceUuid, uuid).status()).isEqualTo(404);
    assertThat(get(workspaceUuid, "other").text("/full_name")).isEqualTo("acme/other");
  }

  @Test
  void repositoryMovesToAWorkspaceThereIs() {
    String labs = bitbucket.repository("acme-labs/other").text("/workspace/uuid");

    Answer moved = rename("acme/app", "acme-labs/app", true);

    assertThat(moved.text("/workspace/uuid")).isEqualTo(labs).isNotEqualTo(workspaceUuid);
    assertThat(get(labs, uuid).status()).isEqualTo(200);
    assertThat(get(workspaceUuid, uuid).header("Location")).isEqualTo(api("acme-labs/app"));
    assertThat(bitbucket.get("/repositories/acme", ada).at("/size").asInt()).isZero();
  }

  @Test
  void oldPathFollowsEveryFurtherName() {
    rename("acme/app", "acme/second", true);
    rename("acme/second", "acme/third", false);

    assertThat(get("acme", "app").header("Location")).isEqualTo(api("acme/third"));
    assertThat(get("acme", "second").status()).isEqualTo(404);
  }

  @Test
  void oldNameIsAnothersOnceItIsTakenAndNeverLeadsBack() {
    rename("acme/app", "acme/application", true);
    String other = bitbucket.repository("acme/app").text("/uuid");
    Answer taken = get("acme", "app");

    rename("acme/app", "acme/other", false);

    assertThat(taken.text("/uuid")).isEqualTo(other).isNotEqualTo(uuid);
    assertThat(get("acme", "app").status()).isEqualTo(404);
  }

  @Test
  void nameCanBeTakenBack() {
    rename("acme/app", "acme/application", true);
    rename("acme/application", "acme/app", true);

    assertThat(get("acme", "app").text("/uuid")).isEqualTo(uuid);
    assertThat(get("acme", "application").header("Location")).isEqualTo(api("acme/app"));
  }
}
