package sh.cinch.service.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.apache.kafka.clients.producer.Producer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Backends;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.health.Check;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.trace.Traceparent;

class ConnectionDirectoryTest {

  private final ServiceContext context = Backends.context();
  private final Producer<byte[], byte[]> producer = context.kafka().producer(Duration.ofSeconds(5));
  private final UUID id = UUID.randomUUID();
  private final String name = "acme/" + id;
  private ConnectionDirectory directory = start();

  @BeforeEach
  void reopen() {
    directory.close();
    directory = start();
  }

  @AfterEach
  void stop() {
    directory.close();
    producer.close();
  }

  @Test
  void findsWhatWasConnectedThisVeryMoment() throws Exception {
    for (int i = 0; i < 20; i++) {
      UUID fresh = UUID.randomUUID();
      publish(fresh, "acme/" + fresh, ConnectionEvent.State.CONNECTED);
      assertThat(directory.find(RepositoryRef.byId(fresh))).isPresent();
    }
  }

  @Test
  void findsByNameWhateverItsCase() throws Exception {
    publish(id, name, ConnectionEvent.State.CONNECTED);
    assertThat(
            directory.find(
                new RepositoryRef(null, Repository.BITBUCKET_CLOUD, name.toUpperCase(Locale.ROOT))))
        .hasValueSatisfying(found -> assertThat(found.repository().id()).isEqualTo(id));
    assertThat(directory.find(new RepositoryRef(null, "another-forge", name))).isEmpty();
  }

  @Test
  void aFormerNameIsUnderstoodUnlessAnotherHasItNow() throws Exception {
    publish(id, name + "-renamed", List.of(name), ConnectionEvent.State.CONNECTED);
    assertThat(named(name)).isEqualTo(id);
    assertThat(named(name + "-renamed")).isEqualTo(id);

    UUID other = UUID.randomUUID();
    publish(other, name, ConnectionEvent.State.CONNECTED);
    publish(id, name + "-renamed", List.of(name), ConnectionEvent.State.CONNECTED);
    assertThat(named(name + "-renamed")).isEqualTo(id);
    assertThat(directory.find(RepositoryRef.byId(other))).isPresent();
    assertThat(named(name)).isEqualTo(other);
  }

  private UUID named(String fullName) {
    return directory
        .find(new RepositoryRef(null, Repository.BITBUCKET_CLOUD, fullName))
        .orElseThrow()
        .repository()
        .id();
  }

  @Test
  void whatWasNeverConnectedIsNotFound() {
    assertThat(directory.find(RepositoryRef.byId(id))).isEmpty();
  }

  @Test
  void theNewestStateCountsAlsoAfterARestart() throws Exception {
    publish(id, name, ConnectionEvent.State.CONNECTED);
    publish(id, name, ConnectionEvent.State.DISCONNECTED);
    reopen();
    assertThat(directory.find(RepositoryRef.byId(id)))
        .hasValueSatisfying(
            found -> assertThat(found.state()).isEqualTo(ConnectionEvent.State.DISCONNECTED));
  }

  @Test
  void closedItIsNotWell() {
    assertThat(directory.check()).isInstanceOf(Check.Well.class);
    directory.close();
    assertThat(directory.check()).isInstanceOf(Check.Unwell.class);
  }

  private ConnectionDirectory start() {
    Topics.ensure(context.kafka(), List.of(Topic.CONNECTION));
    return ConnectionDirectory.start(context.kafka());
  }

  private void publish(UUID repository, String fullName, ConnectionEvent.State state)
      throws Exception {
    publish(repository, fullName, List.of(), state);
  }

  private void publish(
      UUID repository, String fullName, List<String> formerNames, ConnectionEvent.State state)
      throws Exception {
    Instant now = context.clock().instant();
    ConnectionEvent event =
        new ConnectionEvent(
            new Repository(
                repository,
                Repository.BITBUCKET_CLOUD,
                fullName,
                "{" + repository + "}",
                "https://bitbucket.org/" + fullName + ".git"),
            null,
            formerNames,
            state,
            null,
            null,
            now);
    producer
        .send(
            new Event<>(
                    Topic.CONNECTION,
                    repository.toString(),
                    UUID.randomUUID().toString(),
                    URI.create("/cinch/test"),
                    fullName,
                    now,
                    Traceparent.begin(),
                    event)
                .toRecord())
        .get();
  }
}
