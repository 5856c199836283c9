package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class RepositoryRoutesTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private static List<String> names(Answer answer) {
    var names = new ArrayList<String>();
    for (JsonNode value : answer.at("/values")) {
      names.add(value.path("full_name").asText());
    }
    return names;
  }

  private void repositories(int count) {
    for (int i = 10; i < 10 + count; i++) {
      bitbucket.repository("acme/app-" + i);
    }
  }

  @Test
  void repositoryIsFoundBySlugAndByUuid() {
    String uuid =
        bitbucket.repository("acme/app").text("/uuid").replace("{", "%7B").replace("}", "%7D");
    String workspace =
        bitbucket
            .repository("acme/app")
            .text("/workspace/uuid")
            .replace("{", "%7B")
            .replace("}", "%7D");
    String ada = bitbucket.ada();

    for (String path :
        List.of(
            "acme/app",
            "ACME/App",
            "acme/" + uuid,
            workspace + "/" + uuid,
            workspace + "/app",
            workspace.toUpperCase(Locale.ROOT) + "/" + uuid.toUpperCase(Locale.ROOT))) {
      Answer answer = bitbucket.get("/repositories/" + path, ada);
      assertThat(answer.status()).as(path).isEqualTo(200);
      assertThat(answer.text("/full_name")).isEqualTo("acme/app");
    }
  }

  @Test
  void rightUuidInAWrongWorkspaceIsNotFound() {
    String uuid =
        bitbucket.repository("acme/app").text("/uuid").replace("{", "%7B").replace("}", "%7D");
    String workspace =
        bitbucket
            .repository("other/app")
            .text("/workspace/uuid")
            .replace("{", "%7B")
            .replace("}", "%7D");
    String ada = bitbucket.ada();

    for (String wrong : List.of("other", "nobody", workspace)) {
      assertThat(bitbucket.get("/repositories/" + wrong + "/" + uuid, ada).status())
          .as(wrong)
          .isEqualTo(404);
    }
  }

  @Test
  void pagesAreTenLongAndLeadOn() {
    repositories(23);
    String ada = bitbucket.ada();

    Answer first = bitbucket.get("/repositories/acme?role=member", ada);
    Answer second = bitbucket.get(first.text("/next"), ada);
    Answer third = bitbucket.get(second.text("/next"), ada);

    assertThat(first.at("/values")).hasSize(10);
    assertThat(first.at("/pagelen").asInt()).isEqualTo(10);
    assertThat(first.at("/size").asInt()).isEqualTo(23);
    assertThat(first.at("/page").asInt()).isEqualTo(1);
    assertThat(first.json().has("previous")).isFalse();
    assertThat(second.text("/previous")).contains("page=1", "role=member");
    assertThat(names(third)).containsExactly("acme/app-30", "acme/app-31", "acme/app-32");
    assertThat(third.json().has("next")).isFalse();
  }

  @Test
  void nextLeadsToTheHostThatWasAsked() {
    repositories(11);
    String other = "http://127.0.0.1:" + bitbucket.port();

    Answer answer = bitbucket.get(other + "/2.0/repositories/acme", bitbucket.ada());

    assertThat(answer.text("/next")).startsWith(other + "/2.0/repositories/acme?");
  }

  @Test
  void pageBeyondTheLastIsEmpty() {
    repositories(1);

    Answer answer = bitbucket.get("/repositories/acme?page=7", bitbucket.ada());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.at("/values")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"pagelen=101", "pagelen=0", "pagelen=x", "page=0", "q=name", "sort=%20!"})
  void senselessListingIsRefused(String query) {
    repositories(1);

    assertThat(bitbucket.get("/repositories/acme?" + query, bitbucket.ada()).status())
        .isEqualTo(400);
  }

  @Test
  void hundredFitOnAPage() {
    repositories(101);

    Answer answer = bitbucket.get("/repositories/acme?pagelen=100", bitbucket.ada());

    assertThat(answer.at("/values")).hasSize(100);
    assertThat(answer.text("/next")).contains("pagelen=100", "page=2");
  }

  @Test
  void listingIsFilteredAndSorted() {
    repositories(3);
    bitbucket.repository("acme/zebra");

    Answer answer =
        bitbucket.get(
            "/repositories/acme?sort=-name&q=name+~+%22APP%22+AND+name+!%3D+%22app-11%22",
            bitbucket.ada());

    assertThat(names(answer)).containsExactly("acme/app-12", "acme/app-10");
  }

  @Test
  void roleNarrowsTheList() {
    repositories(3);
    bitbucket.control("PUT", "/repositories/acme/open", "{\"private\":false}");
    bitbucket.control(
        "PUT",
        "/users/bob",
        "{\"permissions\":{\"acme/app-10\":\"read\",\"acme/app-11\":\"write\",\"acme/app-12\":\"admin\"}}");
    String bob = bitbucket.grant("bob").text("/access_token");

    assertThat(names(bitbucket.get("/repositories/acme?role=admin", bob)))
        .containsExactly("acme/app-12");
    assertThat(names(bitbucket.get("/repositories/acme?role=contributor", bob)))
        .containsExactly("acme/app-11", "acme/app-12");
    assertThat(names(bitbucket.get("/repositories/acme?role=member", bob))).hasSize(3);
    assertThat(names(bitbucket.get("/repositories/acme", bob))).contains("acme/open").hasSize(4);
    assertThat(bitbucket.get("/repositories/acme?role=king", bob).status()).isEqualTo(400);
  }

  @Test
  void privateRepositoryHidesAsNotFound() {
    bitbucket.repository("acme/secret");
    bitbucket.repository("acme/app");
    bitbucket.control("PUT", "/repositories/acme/open", "{\"private\":false}");
    String token = bitbucket.repositoryToken("acme/app", "repository");

    assertThat(bitbucket.get("/repositories/acme/app", token).status()).isEqualTo(200);
    assertThat(bitbucket.get("/repositories/acme/open", token).status()).isEqualTo(200);
    assertThat(bitbucket.get("/repositories/acme/secret", token).status()).isEqualTo(404);
    assertThat(bitbucket.get("/repositories/acme/none", token).status()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/repositories",
        "/workspaces",
        "/user/permissions/workspaces",
        "/user/permissions/repositories"
      })
  void listingsAcrossWorkspacesAreGone(String path) {
    Answer answer = bitbucket.get(path, bitbucket.ada());

    assertThat(answer.status()).isEqualTo(410);
    assertThat(answer.text("/error/message"))
        .isEqualTo("CHANGE-2770 - Functionality has been deprecated");
    assertThat(answer.text("/data/announcement_url"))
        .isEqualTo(answer.text("/error/data/announcement_url"))
        .endsWith("#CHANGE-2770");
  }

  @Test
  void unknownPathIsNotFoundInTheEnvelope() {
    Answer answer = bitbucket.get("/nothing/here", bitbucket.ada());

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.text("/type")).isEqualTo("error");
  }

  /** As behind a reverse proxy that does not pass its own name on. */
  @ParameterizedTest
  @ValueSource(strings = {"http://internal:8080", "http://internal:8080/"})
  void linksBetweenPagesNameTheInnerHostWhereToldTo(String innerUrl) {
    repositories(21);
    bitbucket.settings("{\"innerUrl\":\"%s\"}".formatted(innerUrl));

    Answer answer = bitbucket.get("/repositories/acme?page=2", bitbucket.ada());

    assertThat(answer.text("/next")).isEqualTo("http://internal:8080/2.0/repositories/acme?page=3");
    assertThat(answer.text("/previous"))
        .isEqualTo("http://internal:8080/2.0/repositories/acme?page=1");
    assertThat(bitbucket.settings("{\"innerUrl\":\"internal\"}").status()).isEqualTo(400);

    bitbucket.settings("{\"innerUrl\":\"\"}");
    assertThat(bitbucket.get("/repositories/acme", bitbucket.ada()).text("/next"))
        .isEqualTo(bitbucket.url() + "/2.0/repositories/acme?page=2");
  }
}
