package sh.cinch.simulator.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Receiver;
import sh.cinch.simulator.TestBitbucket;

class PushPayloadTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();
  private final Receiver receiver;

  PushPayloadTest() throws IOException {
    receiver = new Receiver(202);
  }

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
    bitbucket.api(
        "POST",
        "/repositories/acme/app/hooks",
        bitbucket.repositoryToken("acme/app", "repository", "webhook"),
        "{\"url\":\"%s\",\"events\":[\"repo:push\"]}".formatted(receiver.url()));
  }

  @AfterEach
  void close() {
    receiver.close();
    bitbucket.close();
  }

  /** Pushes and reads what the hook was told. */
  private JsonNode push(String changes) throws IOException {
    Answer answer = bitbucket.push("acme/app", changes);
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return new ObjectMapper().readTree(receiver.received().getLast().body().getBytes());
  }

  private JsonNode change(String change) throws IOException {
    return push(change).at("/push/changes/0");
  }

  @Test
  void createdBranchListsFiveNewestFirst() throws IOException {
    JsonNode change = change("{\"ref\":\"refs/heads/main\",\"commits\":7}");

    assertThat(change.get("old").isNull()).isTrue();
    assertThat(change.at("/new/type").asText()).isEqualTo("branch");
    assertThat(change.at("/new/name").asText()).isEqualTo("main");
    assertThat(change.get("created").asBoolean()).isTrue();
    assertThat(change.get("closed").asBoolean()).isFalse();
    assertThat(change.get("truncated").asBoolean()).isTrue();
    assertThat(change.get("commits")).hasSize(5);
    assertThat(change.at("/commits/0/hash")).isEqualTo(change.at("/new/target/hash"));
    assertThat(change.at("/commits/1/hash")).isEqualTo(change.at("/commits/0/parents/0/hash"));
    assertThat(change.get("links").properties())
        .extracting(link -> link.getKey())
        .containsExactly("commits", "html");
  }

  @Test
  void updatedBranchListsWhatIsNew() throws IOException {
    change("{\"ref\":\"refs/heads/main\",\"commits\":3}");

    JsonNode change = change("{\"ref\":\"refs/heads/main\",\"commits\":2}");

    assertThat(change.get("created").asBoolean()).isFalse();
    assertThat(change.get("forced").asBoolean()).isFalse();
    assertThat(change.get("truncated").asBoolean()).isFalse();
    assertThat(change.get("commits")).hasSize(2);
    assertThat(change.at("/commits/1/parents/0/hash")).isEqualTo(change.at("/old/target/hash"));
    assertThat(change.at("/links/commits/href").asText())
        .endsWith(
            "/2.0/repositories/acme/app/commits?include=%s&exclude=%s"
                .formatted(
                    change.at("/new/target/hash").asText(), change.at("/old/target/hash").asText()))
        .startsWith(bitbucket.url());
    assertThat(change.get("links").has("diff")).isTrue();
  }

  @Test
  void forcedPushHasNoDiff() throws IOException {
    change("{\"ref\":\"refs/heads/main\",\"commits\":3}");

    JsonNode change = change("{\"ref\":\"refs/heads/main\",\"forced\":true}");

    assertThat(change.get("forced").asBoolean()).isTrue();
    assertThat(change.get("links").has("diff")).isFalse();
    assertThat(change.get("commits")).hasSize(1);
    assertThat(change.at("/commits/0/parents/0/hash"))
        .isEqualTo(change.at("/old/target/parents/0/hash"));
  }

  @Test
  void deletedBranchHasNeitherCommitsNorLinks() throws IOException {
    change("{\"ref\":\"refs/heads/main\"}");

    JsonNode change = change("{\"ref\":\"refs/heads/main\",\"delete\":true}");

    assertThat(change.get("new").isNull()).isTrue();
    assertThat(change.at("/old/name").asText()).isEqualTo("main");
    assertThat(change.get("closed").asBoolean()).isTrue();
    assertThat(change.has("commits")).isFalse();
    assertThat(change.has("links")).isFalse();
  }

  @Test
  void lightTagPointsAtTheCommitAndSaysNothing() throws IOException {
    change("{\"ref\":\"refs/heads/main\"}");

    JsonNode change = change("{\"ref\":\"refs/tags/v1\"}");

    assertThat(change.at("/new/type").asText()).isEqualTo("tag");
    assertThat(change.at("/new/target/type").asText()).isEqualTo("commit");
    assertThat(change.get("new").get("message").isNull()).isTrue();
    assertThat(change.get("new").get("tagger").isNull()).isTrue();
    assertThat(change.has("commits")).isFalse();
    assertThat(change.get("links").properties())
        .extracting(link -> link.getKey())
        .containsExactly("commits");
  }

  @Test
  void annotatedTagHasAMessage() throws IOException {
    JsonNode change =
        change("{\"ref\":\"refs/tags/v1\",\"annotated\":true,\"message\":\"First\\n\"}");

    assertThat(change.at("/new/message").asText()).isEqualTo("First\n");
    assertThat(change.at("/new/date").asText()).isEqualTo("2026-11-23T15:00:00+00:00");
    assertThat(change.at("/new/tagger").isObject()).isTrue();
  }

  @Test
  void onePushCarriesSeveralChanges() throws IOException {
    JsonNode body =
        push(
            """
            {"ref":"refs/heads/main"},{"ref":"refs/heads/develop"},{"ref":"refs/tags/v1"}
            """);

    assertThat(body.at("/push/changes")).hasSize(3);
    assertThat(body.at("/push/changes/2/new/target/hash"))
        .as("the tag is put on what the push brought")
        .isEqualTo(body.at("/push/changes/1/new/target/hash"));
  }

  @Test
  void pushMayChangeNothing() throws IOException {
    assertThat(push("").at("/push/changes").isEmpty()).isTrue();
  }

  @Test
  void branchCanGoBackAndForth() throws IOException {
    String a = change("{\"ref\":\"refs/heads/main\"}").at("/new/target/hash").asText();
    String b = change("{\"ref\":\"refs/heads/main\"}").at("/new/target/hash").asText();

    JsonNode back =
        change("{\"ref\":\"refs/heads/main\",\"to\":\"%s\",\"forced\":true}".formatted(a));
    JsonNode forth = change("{\"ref\":\"refs/heads/main\",\"to\":\"%s\"}".formatted(b));

    assertThat(back.get("commits")).isEmpty();
    assertThat(forth.at("/commits/0/hash").asText()).isEqualTo(b);
  }

  @Test
  void bodySaysWhereAndWho() throws IOException {
    JsonNode body = push("{\"ref\":\"refs/heads/main\"}");

    assertThat(body.at("/repository/full_name").asText()).isEqualTo("acme/app");
    assertThat(body.at("/repository/is_private").asBoolean()).isTrue();
    assertThat(body.at("/repository/workspace/slug").asText()).isEqualTo("acme");
    assertThat(body.at("/repository/project/type").asText()).isEqualTo("project");
    assertThat(body.at("/repository/owner/type").asText()).isEqualTo("team");
    assertThat(body.at("/actor/display_name").asText()).isEqualTo("Ada Admin");
    assertThat(body.at("/actor").has("username")).isFalse();
  }
}
