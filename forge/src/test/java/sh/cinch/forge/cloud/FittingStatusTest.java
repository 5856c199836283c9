package sh.cinch.forge.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.client.State;
import sh.cinch.bitbucket.client.StatusUrl;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.Site;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.status.StatusKey;

class FittingStatusTest {

  private static final String COMMIT = "b2".repeat(20);
  private static final String PAGE = "https://bitbucket.org/acme/app/commits/" + COMMIT;
  private static final String MADE_PLAIN =
      "line breaks and characters that nobody sees were taken out of the ";

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
    FittingStatus fitting = fitting(state, "Unit tests", "Done", null, null);
    assertThat(fitting.status().state()).isEqualTo(expected);
    assertThat(fitting.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"refs/heads/feature/x, feature/x", "refs/heads/,", "refs/tags/v1,", "main,", ","})
  void onlyBranchesHaveARefname(@Nullable String ref, @Nullable String refname) {
    assertThat(
            fitting(BuildState.State.SUCCESS, "Unit tests", "Done", null, ref).status().refname())
        .isEqualTo(refname);
  }

  @Test
  void aUsableUrlStays() {
    FittingStatus fitting = linked("https://ci.example.com/jobs/412");
    assertThat(fitting.status().url().value()).isEqualTo("https://ci.example.com/jobs/412");
    assertThat(fitting.warnings()).isEmpty();
  }

  @Test
  void aUrlThatIsMendedLeadsThereAndIsSaid() {
    FittingStatus fitting = linked("https://ci.example.com/matrix[linux]");
    assertThat(fitting.status().url().value())
        .isEqualTo("https://ci.example.com/matrix%5Blinux%5D");
    assertThat(fitting.warnings())
        .containsExactly("characters that stand in no address were percent-encoded in the url");
  }

  @Test
  void withoutAUrlTheCommitsPageIsLinked() {
    assertThat(linked(null).status().url().value()).isEqualTo(PAGE);
    assertThat(linked(" ").warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://jenkins1:8080/job/1, has a host without a dot",
    "ftp://ci.example.com/1, is not absolute",
    "/job/1, is not absolute",
    "https:///job/1, has a host without a dot",
    "https://vera:pw@ci.example.com/1, contains a user name or password",
    "https://ci.example.com/job 1, contains blanks"
  })
  void aUrlThatBitbucketRefusesIsReplacedAndSaidSo(String url, String why) {
    FittingStatus fitting = linked(url);
    assertThat(fitting.status().url().value()).isEqualTo(PAGE);
    assertThat(fitting.warnings())
        .singleElement()
        .asString()
        .startsWith("the url " + why)
        .endsWith("; the commit's own page was linked instead")
        .doesNotContain("vera");
  }

  @Test
  void aUrlThatIsTooLongIsReplacedAndNotCut() {
    FittingStatus fitting = linked("https://ci.example.com/" + "x".repeat(StatusUrl.LONGEST));
    assertThat(fitting.status().url().value()).isEqualTo(PAGE);
    assertThat(fitting.warnings())
        .containsExactly(
            "the url is longer than 450 characters; the commit's own page was linked instead");
  }

  @Test
  void aSimulatorsAddressIsNoLinkForAStatus() {
    assertThat(ownPage("http://localhost:8090").value()).isEqualTo(PAGE);
    assertThat(ownPage("https://bb.example.com").value())
        .isEqualTo("https://bb.example.com/acme/app/commits/" + COMMIT);
  }

  @Test
  void aLongDescriptionKeepsItsBeginning() {
    FittingStatus fitting = described("x".repeat(300));
    assertThat(fitting.status().description()).isEqualTo("x".repeat(254) + "…");
    assertThat(fitting.warnings()).containsExactly("the description was cut to 255 characters");
  }

  /** Of a matrix' builds, whose last words alone differ. */
  @Test
  void aLongNameKeepsItsEndToo() {
    String common = "Integration tests of every module ".repeat(10);
    FittingStatus first = named(common + "on linux");
    FittingStatus second = named(common + "on windows");

    assertThat(first.status().name()).hasSize(255).startsWith("Integration").endsWith("on linux");
    assertThat(second.status().name()).endsWith("on windows");
    assertThat(first.warnings()).containsExactly("the name was cut to 255 characters");
  }

  /** However Bitbucket counts characters, and whatever people see as one. */
  @ParameterizedTest
  @ValueSource(strings = {"👩‍👩‍👧", "🇩🇪", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "e\u0301", "각", "👍🏽", "❤️"})
  void noCharacterIsCutInTwo(String character) {
    for (String before : new String[] {"", "x", "xy", "xyz"}) {
      FittingStatus fitting = described(before + character.repeat(300));
      String cut = fitting.status().description();
      assertThat(cut).hasSizeBetween(256 - character.length() - 1, 255).endsWith("…");
      assertThat(cut.substring(before.length(), cut.length() - 1).replace(character, "")).isEmpty();

      String name = named(before + character.repeat(300)).status().name();
      assertThat(name).hasSizeBetween(256 - 2 * character.length() - 1, 255);
      assertThat(name.substring(before.length()).replace(character, "")).isEqualTo("…");
    }
  }

  @Test
  void oneEndlessCharacterIsCutBetweenItsParts() {
    assertThat(described("e" + "\u0301".repeat(1_000)).status().description())
        .isEqualTo("e" + "\u0301".repeat(253) + "…");
    assertThat(named("👩" + "\u200d👩".repeat(200)).status().name())
        .hasSizeBetween(253, 255)
        .satisfies(name -> assertThat(name.codePoints()).noneMatch(FittingStatusTest::isSurrogate));
  }

  @ParameterizedTest
  @CsvSource({
    "'a\tb\r\nc', a b c",
    "'a\u2028b\u0085c\u001bd', a b c d",
    "'a\u202eb\u2066c\u200fd\u061ce', abcde",
    "'a\u200bb\ufeffc\u00add', abcd"
  })
  void whatNobodySeesIsTakenOutAndSaid(String given, String shown) {
    FittingStatus fitting = fitting(BuildState.State.SUCCESS, given, given, null, null);
    assertThat(fitting.status().name()).isEqualTo(shown);
    assertThat(fitting.status().description()).isEqualTo(shown);
    assertThat(fitting.warnings()).containsExactly(MADE_PLAIN + "name", MADE_PLAIN + "description");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Grüße, שלום, 日本 🗼",
        "👩‍👩‍👧 🏴󠁧󠁢󠁥󠁮󠁧󠁿 ❤️ 🇩🇪",
        "می‌خواهم",
        "한국 \u1112\u1161\u11ab"
      })
  void whatPeopleReadStays(String text) {
    FittingStatus fitting = fitting(BuildState.State.SUCCESS, text, " " + text + "\n", null, null);
    assertThat(fitting.status().name()).isEqualTo(text);
    assertThat(fitting.status().description()).isEqualTo(text);
    assertThat(fitting.warnings()).as("blanks around a text are nothing").isEmpty();
  }

  @Test
  void aKeyIsAsLongHereAsInTheContract() {
    assertThat(StatusKey.LONGEST).isEqualTo(sh.cinch.bitbucket.client.StatusKey.LONGEST);
    String longest = "🗼".repeat(StatusKey.LONGEST);
    assertThat(new sh.cinch.bitbucket.client.StatusKey(StatusKey.first(longest)).value())
        .isEqualTo(longest);
  }

  private static boolean isSurrogate(int c) {
    return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
  }

  private static StatusUrl ownPage(String site) {
    URI pages = URI.create(site);
    return FittingStatus.ownPage(Site.bitbucketCloud(pages, pages), "acme/app", COMMIT);
  }

  private static FittingStatus linked(@Nullable String url) {
    return fitting(BuildState.State.SUCCESS, "Unit tests", "Done", url, null);
  }

  private static FittingStatus named(String name) {
    return fitting(BuildState.State.SUCCESS, name, "Done", null, null);
  }

  private static FittingStatus described(String description) {
    return fitting(BuildState.State.SUCCESS, "Unit tests", description, null, null);
  }

  private static FittingStatus fitting(
      BuildState.State state,
      String name,
      String description,
      @Nullable String url,
      @Nullable String ref) {
    return FittingStatus.of(
        new CommitStatus(COMMIT, "unit", state, name, description, url, ref),
        ownPage("https://bitbucket.org"));
  }
}
