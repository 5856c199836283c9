package sh.cinch.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.joran.spi.JoranException;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** What the services' own logging configuration makes of what others send. */
class LogLayoutTest {

  private static final String EVIL =
      "\u001b]0;owned\u0007\u009b31m\u202e\u200b\r\n"
          + "2026-11-29T12:00:00.000Z ERROR Forged line\u2028";

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  @Test
  void everyLineIsOneOfOurs() throws JoranException {
    Exception cause = new IllegalStateException("cause " + EVIL);
    cause.addSuppressed(new IllegalArgumentException("suppressed " + EVIL));

    Logger logger = logger();
    logger.warn("told {}", EVIL, new IllegalStateException("thrown " + EVIL, cause));
    logger.info("afterwards");

    String text = written.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .contains("\\u{1b}]0;owned\\u{7}\\u{9b}31m\\u{202e}\\u{200b}\\u{d}\\u{a}", "thrown \\u{1b}")
        .doesNotContain("\u001b", "\u0007", "\u009b", "\u202e", "\u200b", "\r", "\u2028");
    List<String> lines = text.lines().filter(line -> !line.startsWith("\t")).toList();
    assertThat(lines)
        .hasSize(2)
        .allSatisfy(line -> assertThat(line).containsPattern("^\\S+ (WARN |INFO ) LogLayoutTest "));
  }

  /** The one console of {@code logback.xml}, writing elsewhere. */
  private Logger logger() throws JoranException {
    LoggerContext context = new LoggerContext();
    JoranConfigurator configurator = new JoranConfigurator();
    configurator.setContext(context);
    configurator.doConfigure(
        Objects.requireNonNull(LogLayoutTest.class.getResource("/logback.xml")));
    var root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    @SuppressWarnings("unchecked")
    var console = (ConsoleAppender<ILoggingEvent>) root.getAppender("console");
    AppenderBase<ILoggingEvent> elsewhere =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            written.writeBytes(console.getEncoder().encode(event));
          }
        };
    elsewhere.setContext(context);
    elsewhere.start();
    root.detachAppender(console);
    root.addAppender(elsewhere);
    Logger logger = context.getLogger(LogLayoutTest.class);
    logger.setLevel(Level.INFO);
    return logger;
  }
}
