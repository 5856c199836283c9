package sh.cinch.ingress.readmodel;

import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.TopicReader;

/**
 * What happens from now on, for whoever is looking. Each instance reads the ends of the topics for
 * itself, so that it does not matter which one a browser is connected to; what is missed is missed.
 */
public final class LiveFeed implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(LiveFeed.class);

  /** Ends a subscription. */
  @FunctionalInterface
  public interface Subscription extends AutoCloseable {
    @Override
    void close();
  }

  private final Database database;
  private final Map<String, Function<Incoming, Stream<UUID>>> byTopic =
      Map.of(
          Topic.PUSH.name(),
          concerned(PushEvent.class, push -> Stream.of(push.repository().id())),
          Topic.BUILD_STATE.name(),
          concerned(BuildState.class, state -> named(state.repository())),
          Topic.RELEASE_REQUEST.name(),
          concerned(ReleaseRequest.class, request -> named(request.repository())),
          Topic.COMMIT_STATUS.name(),
          record -> StatusId.of(record).map(StatusId::repository).stream(),
          Topic.RELEASE.name(),
          concerned(ReleaseEvent.class, release -> Stream.of(release.repository().id())),
          Topic.CREDENTIAL.name(),
          concerned(CredentialEvent.class, this::connectedWith));
  private final Set<Consumer<LiveEvent>> subscribers = ConcurrentHashMap.newKeySet();
  private final TopicReader reader;

  private LiveFeed(Kafka kafka, Database database) {
    this.database = database;
    List<Topic<?>> topics =
        Topic.ALL.stream().filter(topic -> byTopic.containsKey(topic.name())).toList();
    this.reader = TopicReader.start(kafka, "live-feed", topics, TopicReader.From.END, this::tell);
  }

  public static LiveFeed start(Kafka kafka, Database database) {
    return new LiveFeed(kafka, database);
  }

  /**
   * @param subscriber must neither block nor throw; called on the feed's own thread
   */
  public Subscription subscribe(Consumer<LiveEvent> subscriber) {
    subscribers.add(subscriber);
    return () -> subscribers.remove(subscriber);
  }

  private void tell(Incoming record) {
    if (!subscribers.isEmpty()) {
      read(record).forEach(event -> subscribers.forEach(subscriber -> subscriber.accept(event)));
    }
  }

  /** Empty for what is not shown; the projection says what is wrong with it. */
  private List<LiveEvent> read(Incoming record) {
    try {
      return Objects.requireNonNull(byTopic.get(record.topic()))
          .apply(record)
          .map(repository -> new LiveEvent(repository, record.topic(), record.eventId()))
          .toList();
    } catch (DataAccessException e) {
      log.debug("not shown live: the database is away", e);
      return List.of();
    }
  }

  private Stream<UUID> named(RepositoryRef repository) {
    return Connections.resolve(database.sql(), repository).stream();
  }

  /** Those that are connected with it. */
  private Stream<UUID> connectedWith(CredentialEvent credential) {
    return database
        .sql()
        .select(REPOSITORY.ID)
        .from(REPOSITORY)
        .where(REPOSITORY.CREDENTIAL_ID.eq(credential.credentialId()))
        .fetch(REPOSITORY.ID)
        .stream();
  }

  /** Nothing for what cannot be read. */
  private static <T> Function<Incoming, Stream<UUID>> concerned(
      Class<T> type, Function<T, Stream<UUID>> repositories) {
    return record ->
        switch (EventJson.read(record.value(), type)) {
          case Reading.Good<T>(T event) -> repositories.apply(event);
          case Reading.Bad<T> bad -> Stream.empty();
        };
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
