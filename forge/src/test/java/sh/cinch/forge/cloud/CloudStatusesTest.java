package sh.cinch.forge.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.bitbucket.client.State;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.Site;
import sh.cinch.schema.event.BuildState;

class CloudStatusesTest {

  private static final String COMMIT = "b2".repeat(20);
  private static final String PAGE = "https://bitbucket.org/acme/app/commits/" + COMMIT;

  private final List<String> warnings = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({
    "PENDING, INPROGRESS",
    "RUNNING, INPROGRESS",
    "SUCCESS, SUCCESSFUL",
    "FAILURE, FAILED",
    "ERROR, FAILED",
    "CANCELLED, STOPPED"
  })
  void everyStateHasItsWord(BuildState.State state, State expected) {
    assertThat(fitting(state, "Done", null, null).state()).isEqualTo(expected);
    assertThat(warnings).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"refs/heads/feature/x, feature/x", "refs/heads/,", "refs/tags/v1,", "main,", ","})
  void onlyBranchesHaveARefname(@Nullable String ref, @Nullable String refname) {
    assertThat(fitting(BuildState.State.SUCCESS, "Done", null, ref).refname()).isEqualTo(refname);
  }

  @Test
  void aUsableUrlStays() {
    assertThat(url("https://ci.example.com/jobs/412")).isEqualTo("https://ci.example.com/jobs/412");
  }

  @Test
  void withoutAUrlTheCommitsPageIsLinked() {
    assertThat(url(null)).isEqualTo(PAGE);
    assertThat(warnings).isEmpty();
  }

  @Test
  void aUrlThatBitbucketRefusesIsReplacedAndSaidSo() {
    assertThat(url("http://jenkins1:8080/job/1")).isEqualTo(PAGE);
    assertThat(warnings)
        .singleElement()
        .asString()
        .startsWith("the url has a host without a dot")
        .endsWith("; the commit's own page was linked instead");
  }

  @Test
  void aSimulatorsAddressIsNoLinkForAStatus() {
    assertThat(ownPage("http://localhost:8090")).isEqualTo(PAGE);
    assertThat(ownPage("https://bb.example.com"))
        .isEqualTo("https://bb.example.com/acme/app/commits/" + COMMIT);
  }

  @Test
  void longTextIsCutAndSaidSo() {
    assertThat(fitting(BuildState.State.SUCCESS, "x".repeat(300), null, null).description())
        .hasSize(255);
    assertThat(warnings).containsExactly("the description was cut to 255 characters");
  }

  private static String ownPage(String site) {
    URI pages = URI.create(site);
    return CloudStatuses.ownPage(Site.bitbucketCloud(pages, pages), "acme/app", COMMIT).value();
  }

  private String url(@Nullable String url) {
    return fitting(BuildState.State.SUCCESS, "Done", url, null).url().value();
  }

  private sh.cinch.bitbucket.client.CommitStatus fitting(
      BuildState.State state, String description, @Nullable String url, @Nullable String ref) {
    URI pages = URI.create("https://bitbucket.org");
    return CloudStatuses.fitting(
        new CommitStatus(COMMIT, "unit", state, "Unit tests", description, url, ref),
        CloudStatuses.ownPage(Site.bitbucketCloud(pages, pages), "acme/app", COMMIT),
        warnings);
  }
}
