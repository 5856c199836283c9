package sh.cinch.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import sh.cinch.embedded.Database;
import sh.cinch.simulator.Secrets;

/**
 * All that services let out while tests run: what they log and answer, what lies in the database
 * and on the topics. No secret that Bitbucket ever issued may be in it.
 */
public final class Leaks implements AutoCloseable {

  private final LogSpy log = new LogSpy();
  private final Map<String, Set<String>> answers = new ConcurrentHashMap<>();

  public Leaks() {
    // A short test may log nothing: this line shows that what is logged is read along.
    LoggerFactory.getLogger(Leaks.class).info("looking for leaks");
  }

  /**
   * Something that was answered.
   *
   * @param kind what it was an answer of
   */
  public void answered(String kind, String text) {
    answers.computeIfAbsent(kind, unseen -> ConcurrentHashMap.newKeySet()).add(text);
  }

  /** Fails where a secret stands anywhere, or where there was nothing to look for or to search. */
  public void search(
      Collection<String> secrets,
      Database database,
      Collection<ConsumerRecord<byte[], byte[]>> records) {
    require(!secrets.isEmpty(), "there is no secret to look for");
    Map<String, String> places = new TreeMap<>();
    places.put("log", String.join("\n", log.lines()));
    places.put("database", DatabaseDump.of(database).toString());
    places.put("topics", text(records));
    answers.forEach((kind, texts) -> places.put(kind, String.join("\n", texts)));
    Secrets known = new Secrets(secrets);
    places.forEach(
        (place, text) -> {
          require(!text.isEmpty(), "there is nothing to search in the " + place);
          List<String> found = known.in(text);
          require(found.isEmpty(), "secrets in the " + place + ": " + found);
        });
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private static String text(Collection<ConsumerRecord<byte[], byte[]>> records) {
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

  @Override
  public void close() {
    log.close();
  }
}
