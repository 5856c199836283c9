package sh.cinch.service.connection;

import static java.util.Locale.ROOT;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.TopicReader;

/**
 * The newest connection of every repository, read from the compacted topic by each instance for
 * itself. A repository it does not know may have been connected this very moment: {@link #find}
 * first reads everything that was on the topic when it was asked.
 */
public final class ConnectionDirectory implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ConnectionDirectory.class);

  private final Map<UUID, ConnectionEvent> byId = new ConcurrentHashMap<>();
  private final Map<String, UUID> byName = new ConcurrentHashMap<>();
  private final TopicReader reader;

  private ConnectionDirectory(Kafka kafka) {
    this.reader =
        TopicReader.start(
            kafka,
            "connections",
            List.of(Topic.CONNECTION),
            TopicReader.From.BEGINNING,
            this::take);
  }

  public static ConnectionDirectory start(Kafka kafka) {
    return new ConnectionDirectory(kafka);
  }

  /**
   * Empty where no such repository was ever connected. Blocks for as long as reading up to now
   * takes.
   *
   * @throws IllegalStateException where Kafka does not let it be known now
   */
  public Optional<ConnectionEvent> find(RepositoryRef repository) {
    Optional<ConnectionEvent> known = known(repository);
    if (known.isPresent()) {
      return known;
    }
    reader.catchUp();
    return known(repository);
  }

  /**
   * The same of a repository that something was recorded of, and so was connected once.
   *
   * @throws IllegalStateException where Kafka does not let it be known now
   */
  public ConnectionEvent connection(UUID repository) {
    return find(RepositoryRef.byId(repository))
        .orElseThrow(() -> new IllegalStateException("no connection of repository " + repository));
  }

  private Optional<ConnectionEvent> known(RepositoryRef repository) {
    UUID id = repository.id() != null ? repository.id() : byName.get(nameOf(repository));
    return id == null ? Optional.empty() : Optional.ofNullable(byId.get(id));
  }

  private void take(Incoming record) {
    switch (EventJson.read(record.value(), ConnectionEvent.class)) {
      case Reading.Good<ConnectionEvent>(ConnectionEvent event) -> {
        byId.put(event.repository().id(), event);
        // A name that now means another repository goes with the newest connection.
        byName.put(
            name(event.repository().forge(), event.repository().fullName()),
            event.repository().id());
      }
      case Reading.Bad<ConnectionEvent>(String reason) ->
          log.warn("ignored a bad connection record offset={}: {}", record.offset(), reason);
    }
  }

  private static String nameOf(RepositoryRef repository) {
    return name(
        Objects.requireNonNull(repository.forge()), Objects.requireNonNull(repository.fullName()));
  }

  private static String name(String forge, String fullName) {
    return forge + ":" + fullName.toLowerCase(ROOT);
  }

  @Override
  public Check check() {
    return reader.check();
  }

  @Override
  public void close() {
    reader.close();
  }
}
