package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sh.cinch.bitbucket.webhook.PayloadRepository;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.testkit.Payloads;
import sh.cinch.testkit.Payloads.Expected;

/**
 * Every body of a folder, delivered, gives exactly the events its index lists: the folder that
 * {@code -Dpayloads=DIR} names, else our own.
 */
@OnSharedServers
class ReplayTest {

  private static TestParts parts;
  private static WebhookSide side;

  private final Payloads payloads = Payloads.given();

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(payloads.cloud()).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyBodyGivesItsEvents() throws IOException {
    return payloads.cloud().stream()
        .map(body -> DynamicTest.dynamicTest(body.file(), () -> givesItsEvents(body)));
  }

  private void givesItsEvents(Payloads.Entry body) throws IOException {
    byte[] bytes = payloads.body(body.file());
    Connected connected = connect(bytes);

    int status = connected.delivery(bytes).with("X-Event-Key", body.eventKey()).status();

    assertThat(status).isEqualTo(body.expect().isEmpty() ? 200 : 202);
    assertThat(side.events(connected))
        .extracting(ReplayTest::expected)
        .containsExactlyElementsOf(body.expect());
  }

  /** The repository the body is about: as a new one each time, so that it has no other events. */
  private static Connected connect(byte[] body) {
    return switch (PayloadRepository.parse(body)) {
      case PayloadRepository.About(var about) -> {
        Connected connected =
            side.connect(about.uuid(), Objects.requireNonNullElse(about.fullName(), "a/b"), false);
        side.bind(connected);
        yield connected;
      }
      case PayloadRepository.Unnamed() -> throw new AssertionError("no repository in it");
      case PayloadRepository.NotJson(String why) -> throw new AssertionError(why);
    };
  }

  private static Expected expected(PushEvent event) {
    return new Expected(
        event.ref(),
        event.type().name().toLowerCase(Locale.ROOT),
        event.oldHash(),
        event.newHash(),
        event.change() == PushEvent.Change.CREATED,
        event.change() == PushEvent.Change.DELETED,
        event.forced());
  }
}
