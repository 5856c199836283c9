package sh.cinch.ingress.webhooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.testkit.WebhookDelivery;

/**
 * Whoever has the secret may sign whatever they like: it is answered, by no 5xx and without an
 * error in the log, and what of it is published can be read. The bodies that are tried are led by
 * what they make the code do.
 */
@Tag("fuzz")
@OnSharedServers
class DeliveryFuzzTest {

  private static final String[] OTHER_EVENTS = {
    "repo:updated", "pullrequest:created", "diagnostics:ping", ""
  };

  private static TestParts parts;
  private static WebhookSide side;
  private static Connected connected;
  private static Errors errors;

  /** What is logged as an error. */
  private static final class Errors extends AppenderBase<ILoggingEvent> {

    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    protected void append(ILoggingEvent event) {
      if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
        messages.add(event.getFormattedMessage());
      }
    }
  }

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
    connected = side.connect();
    errors = new Errors();
    errors.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    errors.start();
    root().addAppender(errors);
  }

  @AfterAll
  static void stop() {
    root().detachAppender(errors);
    try {
      assertThat(side.events(connected)).as("published, and readable").isNotEmpty();
    } finally {
      side.close();
      parts.close();
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  @DisabledIfSystemProperty(named = "cinch.proof", matches = "true")
  @FuzzTest(maxDuration = "10s")
  void isAnswered(FuzzedDataProvider data) {
    deliver(data);
  }

  @EnabledIfSystemProperty(named = "cinch.proof", matches = "true")
  @FuzzTest(maxDuration = "10m")
  void isAnsweredForLong(FuzzedDataProvider data) {
    deliver(data);
  }

  private static void deliver(FuzzedDataProvider data) {
    String event = data.consumeInt(0, 9) > 0 ? "repo:push" : data.pickValue(OTHER_EVENTS);
    String body =
        data.consumeInt(0, 3) > 0
            ? AlmostPush.of(data)
            : new String(data.consumeRemainingAsBytes(), ISO_8859_1);
    byte[] bytes = body.replace(AlmostPush.OWN_UUID, connected.uuid()).getBytes(ISO_8859_1);
    WebhookDelivery delivery = connected.delivery(bytes).with("X-Event-Key", event);
    assertThat(delivery.status()).as("answer").isBetween(200, 499);
    assertThat(errors.messages).isEmpty();
  }
}
