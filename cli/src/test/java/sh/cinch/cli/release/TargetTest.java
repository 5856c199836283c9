package sh.cinch.cli.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TargetTest {

  private static final String COMMIT = "a1".repeat(20);

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme/app",
        "acme/app.git",
        "https://bitbucket.org/acme/app.git",
        "https://bitbucket.org/acme/app",
        "https://bitbucket.org/acme/app/",
        "https://jo@bitbucket.org/acme/app",
        "https://x-token-auth:s3cret@bitbucket.org/acme/app.git",
        "git@bitbucket.org:acme/app.git",
        "ssh://git@bitbucket.org/acme/app.git",
        "ssh://git@bitbucket.org:22/acme/app.git",
        " http://127.0.0.1:8090/acme/app.git "
      })
  void everyFormNamesTheRepository(String form) {
    assertThat(Target.of(form, "v1", null, Map.of()).fullName()).isEqualTo("acme/app");
  }

  @Test
  void dotsAreKept() {
    assertThat(Target.of("git@bitbucket.org:acme/app.js.git", "v1", null, Map.of()).fullName())
        .isEqualTo("acme/app.js");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "acme",
        "https://jo:s3cret@bitbucket.org/acme",
        "https://jo:s3cret@bitbucket.org/acme/app/src/main",
        "https://jo:s3cret@bitbucket.org/acme/app?s3cret",
        "https://jo:s3c/ret@bitbucket.org/acme/app.git",
        "acme/a p",
        "../app"
      })
  void whatNamesNoneIsRefusedAndNotRepeated(String form) {
    assertThatThrownBy(() -> Target.of(null, "v1", null, Map.of("CINCH_REPO", form)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("--repo or CINCH_REPO does not name a repository")
        .hasMessageNotContainingAny("s3c");
  }

  @Test
  void theEnvironmentSaysAllOfIt() {
    assertThat(
            Target.of(
                null,
                null,
                null,
                Map.of(
                    "CINCH_FORGE", "bitbucket",
                    "CINCH_REPO", "https://bitbucket.org/acme/app.git",
                    "CINCH_TAG", "refs/tags/v1/rc",
                    "CINCH_COMMIT", COMMIT.toUpperCase(java.util.Locale.ROOT))))
        .isEqualTo(
            new Target("bitbucket-cloud", "acme/app", "v1/rc", java.util.Optional.of(COMMIT)));
  }

  @Test
  void optionsGoBeforeTheEnvironment() {
    Map<String, String> environment =
        Map.of("CINCH_REPO", "acme/other", "CINCH_TAG", "v9", "CINCH_COMMIT", "b2".repeat(20));
    assertThat(Target.of("acme/app", "v1", COMMIT, environment))
        .isEqualTo(new Target("bitbucket-cloud", "acme/app", "v1", java.util.Optional.of(COMMIT)));
  }

  @Test
  void whatIsMissingIsSaidWithBothWaysToGiveIt() {
    assertThatThrownBy(() -> Target.of(null, "v1", null, Map.of()))
        .hasMessageContainingAll("--repo", "CINCH_REPO");
    // A CI sets it, empty, for builds of branches.
    assertThatThrownBy(() -> Target.of("acme/app", null, null, Map.of("CINCH_TAG", "")))
        .hasMessageContainingAll("--tag", "CINCH_TAG");
  }

  @Test
  void whatIsMalformedIsNamed() {
    assertThatThrownBy(() -> Target.of("acme/app", "refs/heads/main", null, Map.of()))
        .hasMessageContaining("'refs/heads/main': a tag such as");
    assertThatThrownBy(() -> Target.of("acme/app", "v1", "b2b2b2", Map.of()))
        .hasMessageContaining("'b2b2b2': a full commit hash");
    assertThatThrownBy(
            () -> Target.of("acme/app", "v1", null, Map.of("CINCH_FORGE", "bitbucket-datacenter")))
        .hasMessageContaining("CINCH_FORGE is 'bitbucket-datacenter'");
  }

  @Test
  void durationsAreWrittenAsPeopleDo() {
    assertThat(ReleaseCommand.duration("90s")).isEqualTo(Duration.ofSeconds(90));
    assertThat(ReleaseCommand.duration("1h30m")).isEqualTo(Duration.ofMinutes(90));
    assertThatThrownBy(() -> ReleaseCommand.duration("soon")).hasMessageContaining("'soon'");
    assertThatThrownBy(() -> ReleaseCommand.duration("0s")).hasMessageContaining("nothing to wait");
  }
}
