package sh.cinch.service.connection;

import static java.util.Locale.ROOT;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Repository;
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

  /** All that are, or were, called so. */
  private final Map<String, Set<UUID>> byName = new ConcurrentHashMap<>();

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

  /**
   * What a repository's forge is asked with, as far as that is known here; the repository itself
   * where it is not. Asks nobody.
   *
   * @return the id of either
   */
  public String credential(UUID repository) {
    return String.valueOf(known(repository).map(ConnectionEvent::credentialId).orElse(repository));
  }

  /** The connection as far as it is known here. Asks nobody. */
  public Optional<ConnectionEvent> known(UUID repository) {
    return Optional.ofNullable(byId.get(repository));
  }

  private Optional<ConnectionEvent> known(RepositoryRef repository) {
    return repository.id() != null
        ? known(Objects.requireNonNull(repository.id()))
        : named(
            Objects.requireNonNull(repository.forge()),
            Objects.requireNonNull(repository.fullName()));
  }

  /** Whoever has the name now, else whoever had it; of several the one connected last. */
  private Optional<ConnectionEvent> named(String forge, String fullName) {
    return byName.getOrDefault(name(forge, fullName), Set.of()).stream()
        .map(byId::get)
        .filter(Objects::nonNull)
        .max(
            Comparator.<ConnectionEvent, Boolean>comparing(
                    event -> event.repository().fullName().equalsIgnoreCase(fullName))
                .thenComparing(ConnectionEvent::since));
  }

  private void take(Incoming record) {
    switch (EventJson.read(record.value(), ConnectionEvent.class)) {
      case Reading.Good<ConnectionEvent>(ConnectionEvent event) -> {
        Repository repository = event.repository();
        byId.put(repository.id(), event);
        Stream.concat(Stream.of(repository.fullName()), event.formerNames().stream())
            .forEach(
                name ->
                    byName
                        .computeIfAbsent(
                            name(repository.forge(), name), any -> ConcurrentHashMap.newKeySet())
                        .add(repository.id()));
      }
      case Reading.Bad<ConnectionEvent>(String reason) ->
          log.warn("ignored a bad connection record offset={}: {}", record.offset(), reason);
    }
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
