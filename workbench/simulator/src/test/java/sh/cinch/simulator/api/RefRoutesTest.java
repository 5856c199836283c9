package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.TestBitbucket;

class RefRoutesTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  @Test
  void branchesAndTagsAreListedApartAndTogether() {
    bitbucket.repository("acme/app");
    String token = bitbucket.repositoryToken("acme/app", "repository");
    Answer push =
        bitbucket.push(
            "acme/app",
            """
            {"ref":"refs/heads/main"},{"ref":"refs/heads/feature/x"},
            {"ref":"refs/tags/v1","annotated":true},{"ref":"refs/tags/v2"}
            """);
    String refs = "/repositories/acme/app/refs";

    Answer branches = bitbucket.get(refs + "/branches", token);
    Answer tags = bitbucket.get(refs + "/tags", token);
    Answer paged = bitbucket.get(refs + "?pagelen=3", token);

    assertThat(branches.at("/values").findValuesAsText("name"))
        .containsExactly("feature/x", "main");
    assertThat(branches.text("/values/1/target/hash")).isEqualTo(push.text("/changes/0/new"));
    assertThat(branches.text("/values/0/type")).isEqualTo("branch");
    assertThat(tags.at("/values").findValuesAsText("name")).containsExactly("v1", "v2");
    assertThat(tags.text("/values/0/target/hash"))
        .as("the commit, not the tag object")
        .isEqualTo(push.text("/changes/2/new"));
    assertThat(tags.at("/values/0/message").isNull()).isFalse();
    assertThat(tags.at("/values/1/message").isNull()).isTrue();
    assertThat(paged.at("/values")).hasSize(3);
    assertThat(bitbucket.get(paged.text("/next"), token).at("/values")).hasSize(1);
  }

  @Test
  void unknownCommitIsNotFound() {
    bitbucket.repository("acme/app");

    Answer answer = bitbucket.get("/repositories/acme/app/commit/abc", bitbucket.ada());

    assertThat(answer.status()).isEqualTo(404);
  }
}
