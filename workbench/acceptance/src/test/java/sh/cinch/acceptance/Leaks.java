package sh.cinch.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import com.fasterxml.jackson.databind.JsonNode;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import sh.cinch.local.stack.Addresses;
import sh.cinch.simulator.Secrets;

/**
 * All that the services of a stack let out while tests run: what they log, what lies in the
 * database and on the topics, what their API answers. No secret that Bitbucket ever issued may be
 * in it.
 */
final class Leaks implements AutoCloseable {

  private static final String TABLES =
      "select table_schema || '.' || table_name from information_schema.tables"
          + " where table_schema not in ('pg_catalog', 'information_schema')";

  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final AppenderBase<ILoggingEvent> appender =
      new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
          log.add(event.getFormattedMessage());
          if (event.getThrowableProxy() != null) {
            log.add(ThrowableProxyUtil.asString(event.getThrowableProxy()));
          }
        }
      };

  Leaks() {
    appender.start();
    root().addAppender(appender);
  }

  /** Fails where there is one. */
  void search(Addresses addresses, Api api, Topics topics) throws Exception {
    List<String> issued = new ArrayList<>();
    for (JsonNode secret : api.control("GET", "/issued", "").path("secrets")) {
      issued.add(secret.path("value").asText());
    }
    assertThat(issued).as("something to look for").isNotEmpty();
    Map<String, String> places = new TreeMap<>();
    places.put("log", String.join("\n", log));
    places.put("database", dump(addresses));
    places.put("topics", text(topics.all()));
    places.put("answers", String.join("\n", api.answers()));
    Secrets secrets = new Secrets(issued);
    assertThat(places)
        .allSatisfy(
            (place, text) -> {
              assertThat(text).as("what is searched of the %s", place).isNotEmpty();
              assertThat(secrets.in(text)).as("secrets in the %s", place).isEmpty();
            });
  }

  private static String dump(Addresses addresses) throws SQLException {
    StringBuilder text = new StringBuilder();
    try (Connection connection =
            DriverManager.getConnection(addresses.database(), "postgres", "postgres");
        Statement statement = connection.createStatement()) {
      for (String table : column(statement, TABLES)) {
        column(statement, "select t::text from " + table + " t")
            .forEach(row -> text.append(table).append(' ').append(row).append('\n'));
      }
    }
    return text.toString();
  }

  private static List<String> column(Statement statement, String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  private static String text(List<ConsumerRecord<byte[], byte[]>> records) {
    StringBuilder text = new StringBuilder();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      append(text, record.key());
      append(text, record.value());
      record.headers().forEach(header -> append(text, header.value()));
      text.append('\n');
    }
    return text.toString();
  }

  private static void append(StringBuilder text, byte @Nullable [] bytes) {
    if (bytes != null) {
      text.append(new String(bytes, UTF_8)).append(' ');
    }
  }

  private static Logger root() {
    return (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
  }

  @Override
  public void close() {
    root().detachAppender(appender);
    appender.stop();
  }
}
