package sh.cinch.releaseworker.send;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.Test;
import sh.cinch.releaseworker.releases.ReleaseFile;

/** What is passed on lacks bytes until everything is known to be right. */
class VerifiedContentTest {

  private final GivenSource source = new GivenSource();
  private final List<String> passed = new ArrayList<>();
  private final List<String> ends = new ArrayList<>();

  private VerifiedContent content(String whole) {
    return content(whole, whole.length());
  }

  private VerifiedContent content(String whole, long size) {
    VerifiedContent content =
        new VerifiedContent(
            source,
            new ReleaseFile(
                "release",
                0,
                "app",
                "app",
                Optional.of("artifact:1"),
                size,
                sha256(whole),
                ReleaseFile.State.OPEN,
                Optional.empty(),
                List.of()));
    content.handler(bytes -> passed.add(bytes.toString()));
    content.endHandler(end -> ends.add("end"));
    content.exceptionHandler(why -> ends.add("failed"));
    return content;
  }

  @Test
  void theLastBytesWaitForTheEnd() {
    VerifiedContent content = content("abcdef");
    source.gives("abc");
    source.gives("def");
    assertThat(passed).containsExactly("abc");

    source.ends();

    assertThat(passed).containsExactly("abc", "def");
    assertThat(ends).containsExactly("end");
    assertThat(content.fault()).isEmpty();
    assertThat(content.seen()).isEqualTo(6);
  }

  @Test
  void otherBytesNeverComeToTheirEnd() {
    VerifiedContent content = content("abcdef");
    source.gives("abc");
    source.gives("deX");
    source.ends();

    assertThat(passed).containsExactly("abc");
    assertThat(ends).containsExactly("failed");
    assertThat(content.fault().orElseThrow()).isInstanceOf(Fault.Wrong.class);
  }

  @Test
  void aSingleChunkIsHeldBackWhole() {
    content("abc");
    source.gives("abX");
    source.ends();
    assertThat(passed).isEmpty();
  }

  @Test
  void largePiecesAreLookedAtWhole() {
    String whole = "0123456789".repeat(5_000);
    content(whole);
    source.gives(whole);
    source.ends();
    assertThat(passed).containsExactly(whole);
    assertThat(ends).containsExactly("end");
  }

  @Test
  void moreThanAnnouncedIsNotPassedOn() {
    VerifiedContent content = content("abc");
    source.gives("ab");
    source.gives("cd");
    source.ends();

    assertThat(passed).isEmpty();
    assertThat(ends).containsExactly("failed");
    assertThat(content.fault())
        .contains(new Fault.Wrong("the source has more than the 3 bytes that were announced"));
  }

  @Test
  void anEndThatComesTooEarlyIsABrokenSource() {
    VerifiedContent content = content("abc");
    source.gives("a");
    source.ends();

    assertThat(ends).containsExactly("failed");
    assertThat(content.fault()).contains(new Fault.Broke("the source ended after 1 of 3 bytes"));
  }

  @Test
  void aSourceThatFailsIsToldOnce() {
    VerifiedContent content = content("abc");
    source.fails("reset");
    source.ends();

    assertThat(ends).containsExactly("failed");
    assertThat(content.fault()).contains(new Fault.Broke("reset"));
  }

  @Test
  void aFaultThatCameFirstIsToldToWhoeverListensLater() {
    VerifiedContent content = content("abc");
    content.exceptionHandler(null);
    content.stop(new Fault.Left("closing"));

    content.exceptionHandler(why -> ends.add("told late"));

    assertThat(ends).containsExactly("told late");
  }

  @Test
  void whatWasStoppedGivesNothingMore() {
    VerifiedContent content = content("abcdef");
    source.gives("abc");
    content.stop(new Fault.Left("closing"));
    source.gives("def");
    source.ends();

    assertThat(passed).isEmpty();
    assertThat(ends).containsExactly("failed");
  }

  @Test
  void nothingAtAllIsAFileToo() {
    content("");
    source.ends();
    assertThat(passed).isEmpty();
    assertThat(ends).containsExactly("end");
  }

  private static String sha256(String text) {
    return DigestUtils.sha256Hex(text);
  }
}
