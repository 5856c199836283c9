package sh.cinch.schema.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.schema.event.ReleaseRequest;

/** Every name is safe, and has its place alone. */
class DownloadNamesTest {

  private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

  @ParameterizedTest
  @CsvSource({
    "{name},              app.zip,        app.zip",
    "{tag}-{name},        app.zip,        v1.4.0-app.zip",
    "{version}_{name},    app.zip,        1.4.0_app.zip",
    "{commit}-{name},     app.zip,        0123456789ab-app.zip",
    "latest.zip,          app.zip,        latest.zip",
    "{name},              dist/app.zip,   dist_app.zip",
    "{name},              '../../passwd', _.._.._passwd",
    "{name},              .env,           _.env",
    "{name},              Größe 5€.txt,   Gr__e_5_.txt",
    "{name},              $1\\0,          _1_0",
  })
  void aNameFollowsThePatternAndIsSafe(String pattern, String file, String name) {
    assertThat(names("v1.4.0", pattern, file).files())
        .extracting(DownloadName::name)
        .containsExactly(name);
  }

  @Test
  void whatHadToBeReplacedIsSaid() {
    assertThat(names("v1", "{name}", "app.zip", "my app.zip").files())
        .extracting(DownloadName::altered)
        .containsExactly(false, true);
  }

  @Test
  void checksumsAreNamedForTheTag() {
    assertThat(names("release/1.0", null, "a").checksums()).contains("release_1.0-SHA256SUMS");
  }

  @Test
  void noChecksumsWhereNoneAreWanted() {
    var without = new ReleaseRequest.Options(null, false);
    assertThat(DownloadNames.of("v1", COMMIT, List.of("a"), without).checksums()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "{name}    | a.zip | a.zip         | 'a.zip' and 'a.zip' would both be called a.zip",
        "{name}    | a.zip | A.zip         | 'a.zip' and 'A.zip' would both be called A.zip",
        "{name}    | a b   | a_b           | 'a b' and 'a_b' would both be called a_b",
        "{tag}.zip | a     | b             | 'a' and 'b' would both be called v1.zip",
        "x-{name}  | a     | v1-sha256sums | 'v1-sha256sums' is called as the checksums will be",
      })
  void twoFilesOfOneNameAreRefused(String pattern, String one, String other, String why) {
    assertThatThrownBy(() -> names("v1", pattern, one, other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(why);
  }

  @Test
  void theChecksumsKeepTheirName() {
    assertThatThrownBy(() -> names("v1", "v1-{name}", "a", "SHA256SUMS"))
        .hasMessageStartingWith(
            "the checksums and 'SHA256SUMS' would both be called v1-SHA256SUMS");
  }

  @Test
  void anUnknownPlaceholderIsRefused() {
    assertThatThrownBy(() -> names("v1", "{os}-{name}", "a"))
        .hasMessage("the name pattern has {os}: {name}, {tag}, {version} and {commit} are known");
  }

  @Test
  void aNameThatNobodyCouldKeepIsRefused() {
    assertThatThrownBy(() -> names("v1", null, "a".repeat(201)))
        .hasMessageContaining("longer than 200 characters");
    assertThat(names("v1", null, "a".repeat(200)).files()).hasSize(1);
  }

  private static DownloadNames names(String tag, @Nullable String pattern, String... files) {
    return DownloadNames.of(tag, COMMIT, List.of(files), new ReleaseRequest.Options(pattern, null));
  }
}
