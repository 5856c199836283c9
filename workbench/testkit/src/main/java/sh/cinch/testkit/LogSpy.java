package sh.cinch.testkit;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.slf4j.LoggerFactory;

/** Reads along what is logged, and knows what must never stand there. */
public final class LogSpy extends AppenderBase<ILoggingEvent> implements AutoCloseable {

  private final Queue<String> lines = new ConcurrentLinkedQueue<>();
  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  public LogSpy() {
    setContext(logging());
    start();
    root().addAppender(this);
  }

  public void hide(String secret) {
    secrets.add(secret);
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  public List<String> secrets() {
    return List.copyOf(secrets);
  }

  @Override
  protected void append(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    lines.add(
        event.getFormattedMessage() + (thrown == null ? "" : ThrowableProxyUtil.asString(thrown)));
  }

  private static Logger root() {
    return logging().getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
  }

  /** While SLF4J starts on another thread, it has a stand-in for all the rest. */
  private static LoggerContext logging() {
    while (true) {
      if (LoggerFactory.getILoggerFactory() instanceof LoggerContext started) {
        return started;
      }
      Thread.onSpinWait();
    }
  }

  @Override
  public void close() {
    root().detachAppender(this);
    stop();
  }
}
