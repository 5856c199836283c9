package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.simulator.Secrets;

/**
 * Everything that instances let out while a test runs: logs, answers, metrics, events and what lies
 * in the database. At its end it is searched for every secret there was.
 */
final class Seen implements AutoCloseable {

  private static final String ACCESS_TOKEN = "\"authorization\":\"[^\"]*\"";

  private final Queue<String> log = new ConcurrentLinkedQueue<>();
  private final Set<String> answers = ConcurrentHashMap.newKeySet();
  private final Queue<String> metrics = new ConcurrentLinkedQueue<>();
  private final DatabaseSettings database;
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

  Seen(DatabaseSettings database) {
    this.database = database;
    appender.start();
    root().addAppender(appender);
  }

  /** The access token of a lease is what it is for; nothing else may stand in an answer. */
  void answer(Reply reply) {
    answers.add(reply.body().replaceFirst(ACCESS_TOKEN, "") + reply.headers().map());
  }

  void metrics(String scraped) {
    metrics.add(scraped);
  }

  /**
   * @param issued every secret there was
   */
  void search(Collection<String> issued) {
    Map<String, String> places = new TreeMap<>();
    places.put("logs", String.join("\n", log));
    places.put("answers", String.join("\n", answers));
    places.put("metrics", String.join("\n", metrics));
    places.put("events", events());
    places.put("database", dump());
    Secrets secrets = new Secrets(issued);
    places.forEach(
        (place, text) -> {
          assertThat(secrets.in(text)).as("secrets in the %s", place).isEmpty();
        });
    assertThat(String.join("", places.values())).as("what is searched").isNotEmpty();
  }

  private static String events() {
    StringBuilder text = new StringBuilder();
    for (ConsumerRecord<byte[], byte[]> record : Events.records()) {
      text.append(text(record.key())).append(text(record.value()));
      record.headers().forEach(header -> text.append(header.key()).append(text(header.value())));
      text.append('\n');
    }
    return text.toString();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "" : new String(bytes, StandardCharsets.UTF_8);
  }

  private String dump() {
    DSLContext sql = DSL.using(database.url(), database.user(), database.password().reveal());
    StringBuilder text = new StringBuilder();
    for (String table :
        sql.resultQuery(
                "select table_schema || '.' || table_name from information_schema.tables"
                    + " where table_schema not in ('pg_catalog', 'information_schema')")
            .fetchInto(String.class)) {
      sql.resultQuery("select t::text from " + table + " t")
          .fetchInto(String.class)
          .forEach(row -> text.append(table).append(' ').append(row).append('\n'));
    }
    return text.toString();
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
