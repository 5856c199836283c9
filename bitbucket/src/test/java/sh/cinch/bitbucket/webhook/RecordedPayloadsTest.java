package sh.cinch.bitbucket.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sh.cinch.bitbucket.webhook.PushPayload.Parsed;
import sh.cinch.testkit.Payloads;
import sh.cinch.testkit.Payloads.Expected;

class RecordedPayloadsTest {
  private final Payloads payloads = Payloads.given();

  @Test
  void thereAreSome() throws IOException {
    assertThat(payloads.pushes()).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyBodyGivesItsChangesInOrder() throws IOException {
    return payloads.pushes().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.file(),
                    () ->
                        assertThat(seen(payloads.body(entry.file())))
                            .containsExactlyElementsOf(entry.expect())));
  }

  @TestFactory
  Stream<DynamicTest> everyBodyNamesItsRepositoryToBothReaders() throws IOException {
    return payloads.pushes().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.file(),
                    () -> {
                      byte[] body = payloads.body(entry.file());
                      assertThat(PayloadRepository.parse(body))
                          .isEqualTo(new PayloadRepository.About(parsed(body).repository()));
                    }));
  }

  private static List<Expected> seen(byte[] body) {
    return parsed(body).changes().stream()
        .map(
            change ->
                new Expected(
                    change.ref(),
                    change.type().name().toLowerCase(Locale.ROOT),
                    change.oldHash(),
                    change.newHash(),
                    change.kind() == ChangeKind.CREATED,
                    change.kind() == ChangeKind.DELETED,
                    change.forced()))
        .toList();
  }

  private static Parsed parsed(byte[] body) {
    PushPayload payload = PushPayload.parse(body);
    assertThat(payload).isInstanceOf(Parsed.class);
    return (Parsed) payload;
  }
}
