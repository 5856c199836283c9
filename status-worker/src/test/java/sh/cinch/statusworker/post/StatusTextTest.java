package sh.cinch.statusworker.post;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.bitbucket.client.State;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;

class StatusTextTest {

  private static final String COMMIT = "b2".repeat(20);
  private static final Repository REPOSITORY =
      new Repository(
          UUID.randomUUID(),
          Repository.BITBUCKET_CLOUD,
          "acme/app",
          "{" + UUID.randomUUID() + "}",
          "https://bitbucket.org/acme/app.git");
  private static final CommitPage PAGE = new CommitPage(URI.create("https://bitbucket.org"));

  @ParameterizedTest
  @CsvSource({
    "PENDING, INPROGRESS, Waiting to run",
    "RUNNING, INPROGRESS, Running",
    "SUCCESS, SUCCESSFUL, Passed",
    "FAILURE, FAILED, Failed",
    "ERROR, FAILED, Could not be run to its end",
    "CANCELLED, STOPPED, Cancelled: push again or re-run the build to unblock a merge"
  })
  void everyStateHasItsWord(BuildState.State state, State expected, String description) {
    StatusText text = StatusText.of(build(state, null, null, null), REPOSITORY, PAGE);
    assertThat(text.status().state()).isEqualTo(expected);
    assertThat(text.status().description()).isEqualTo(description);
    assertThat(text.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"refs/heads/feature/x, feature/x", "refs/heads/,", "refs/tags/v1,", "main,", ","})
  void onlyBranchesHaveARefname(@Nullable String ref, @Nullable String refname) {
    StatusText text =
        StatusText.of(build(BuildState.State.SUCCESS, ref, null, null), REPOSITORY, PAGE);
    assertThat(text.status().refname()).isEqualTo(refname);
  }

  @Test
  void aUsableUrlStays() {
    assertThat(url("https://ci.example.com/jobs/412").status().url().value())
        .isEqualTo("https://ci.example.com/jobs/412");
  }

  @Test
  void withoutAUrlTheCommitsPageIsLinked() {
    StatusText text = url(null);
    assertThat(text.status().url().value())
        .isEqualTo("https://bitbucket.org/acme/app/commits/" + COMMIT);
    assertThat(text.warnings()).isEmpty();
  }

  @Test
  void aUrlThatBitbucketRefusesIsReplacedAndSaidSo() {
    StatusText text = url("http://jenkins1:8080/job/1");
    assertThat(text.status().url().value())
        .isEqualTo("https://bitbucket.org/acme/app/commits/" + COMMIT);
    assertThat(text.warnings())
        .singleElement()
        .asString()
        .startsWith("the url has a host without a dot")
        .endsWith("; the commit's own page was linked instead");
  }

  @Test
  void aSimulatorsAddressIsNoLinkForAStatus() {
    assertThat(new CommitPage(URI.create("http://localhost:8090")).of("acme/app", COMMIT).value())
        .isEqualTo("https://bitbucket.org/acme/app/commits/" + COMMIT);
    assertThat(new CommitPage(URI.create("https://bb.example.com")).of("acme/app", COMMIT).value())
        .isEqualTo("https://bb.example.com/acme/app/commits/" + COMMIT);
  }

  @Test
  void longTextIsCutAndSaidSo() {
    StatusText text =
        StatusText.of(
            build(BuildState.State.SUCCESS, null, "x".repeat(300), null), REPOSITORY, PAGE);
    assertThat(text.status().description()).hasSize(255);
    assertThat(text.warnings()).containsExactly("the description was cut to 255 characters");
  }

  @Test
  void controlCharactersBecomeBlanks() {
    StatusText text =
        StatusText.of(build(BuildState.State.SUCCESS, null, "a\u0000b\nc", null), REPOSITORY, PAGE);
    assertThat(text.status().description()).isEqualTo("a b c");
    StatusText empty =
        StatusText.of(build(BuildState.State.SUCCESS, null, "\u0000", null), REPOSITORY, PAGE);
    assertThat(empty.status().description()).isEqualTo("Passed");
  }

  private static StatusText url(@Nullable String url) {
    return StatusText.of(build(BuildState.State.SUCCESS, null, null, url), REPOSITORY, PAGE);
  }

  private static BuildState build(
      BuildState.State state,
      @Nullable String ref,
      @Nullable String description,
      @Nullable String url) {
    return new BuildState(
        RepositoryRef.byId(REPOSITORY.id()),
        COMMIT,
        ref,
        "unit",
        "Unit tests",
        null,
        state,
        description,
        url,
        null,
        Instant.parse("2026-11-23T12:00:00Z"));
  }
}
