package sh.cinch.bitbucket.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.PushPayload.Parsed;
import sh.cinch.testkit.Payloads;

/** What a body says beyond its refs. */
class OwnPayloadsTest {
  @Test
  void repositoryAndActor() throws IOException {
    Parsed push = parse("branch-updated.json");

    assertThat(push.repository())
        .isEqualTo(new RepositoryId("{89bb6900-7365-48eb-d645-5d0ab07aa5fe}", "lighthouse/beacon"));
    assertThat(push.actor())
        .contains(new Actor("{15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b}", "Vera Lindqvist"));
  }

  @Test
  void anAppsPushNamesTheApp() throws IOException {
    assertThat(parse("actor-app.json").actor())
        .contains(new Actor("{94a08da1-fecb-b6e8-b469-90538c7b50b2}", "Nightly robot"));
  }

  @Test
  void aPushWithoutActorIsAPush() throws IOException {
    assertThat(parse("actor-missing.json").actor()).isEmpty();
  }

  @Test
  void messageAndAuthorAreThoseOfTheNewCommit() throws IOException {
    RefChange change = parse("branch-forced.json").changes().getFirst();

    assertThat(change.message()).isEqualTo("Wieder von vorn: größer 🗼\n");
    assertThat(change.author()).isEqualTo("Omar Özdemir <omar@lighthouse.example>");
  }

  @Test
  void anAnnotatedTagHasItsCommitsMessage() throws IOException {
    assertThat(parse("tag-annotated-created.json").changes().getFirst().message())
        .isEqualTo("Polish the lens\n");
  }

  @Test
  void aDeletedBranchHasNothingToBuild() throws IOException {
    RefChange change = parse("branch-deleted.json").changes().getFirst();

    assertThat(change.commit()).isNull();
    assertThat(change.message()).isNull();
    assertThat(change.author()).isNull();
  }

  @Test
  void aLongPushSaysItIsCutOff() throws IOException {
    assertThat(parse("branch-updated.json").changes().getFirst().truncated()).isTrue();
    assertThat(parse("branch-created.json").changes().getFirst().truncated()).isFalse();
  }

  private static Parsed parse(String file) throws IOException {
    return (Parsed) PushPayload.parse(Payloads.own().body(file));
  }
}
