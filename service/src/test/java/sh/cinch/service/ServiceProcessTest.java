package sh.cinch.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.logging.Level;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import sh.cinch.service.config.ConfigurationException;

class ServiceProcessTest {

  @Test
  void whatTheJdksLoggingIsToldIsLoggedLikeAllElse() {
    Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> logged = new ListAppender<>();
    logged.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
    logged.start();
    root.addAppender(logged);
    try {
      int exitCode =
          ServiceProcess.run(
              "test",
              () -> {
                java.util.logging.Logger.getLogger("org.postgresql.Driver")
                    .log(Level.WARNING, "{0} is odd", "something");
                throw new ConfigurationException(List.of("nothing is set"));
              });
      assertThat(exitCode).isEqualTo(2);
      assertThat(logged.list)
          .extracting(ILoggingEvent::getLoggerName, ILoggingEvent::getFormattedMessage)
          .containsExactly(tuple("org.postgresql.Driver", "something is odd"));
    } finally {
      root.detachAppender(logged);
    }
  }
}
