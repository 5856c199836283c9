package sh.cinch.tokenservice;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import sh.cinch.embedded.Database;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.Kafka;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.kafka.Topics;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.DatabaseDump;
import sh.cinch.testkit.TestServers;
import sh.cinch.testkit.TopicReader;
import sh.cinch.testkit.TopicWriter;

/** The servers of this JVM, in the words of our settings; a database of its own for each test. */
public final class Backends {

  private static final TopicReader ANNOUNCED = readAlong();

  private Backends() {}

  public static KafkaSettings kafka() {
    KafkaAccess kafka = TestServers.shared().kafka();
    return new KafkaSettings(kafka.bootstrapServers(), Optional.of(kafka.properties()));
  }

  public static DatabaseSettings freshDatabase() {
    return settings(TestServers.shared().freshDatabase());
  }

  /** One without tables. */
  static DatabaseSettings emptyDatabase() {
    return settings(TestServers.shared().emptyDatabase());
  }

  /** A short test may announce nothing: this event shows that what is announced is read along. */
  private static TopicReader readAlong() {
    Topics.ensure(new Kafka(kafka()), List.of(Topic.CREDENTIAL));
    KafkaAccess kafka = TestServers.shared().kafka();
    UUID nobodys = UUID.randomUUID();
    try (TopicWriter writer = new TopicWriter(kafka)) {
      writer.write(
          Topic.CREDENTIAL,
          nobodys.toString(),
          new CredentialEvent(nobodys, "oauth", State.REVOKED, null, null, Instant.now()));
    }
    return new TopicReader(kafka, List.of(Topic.CREDENTIAL));
  }

  private static DatabaseSettings settings(Database database) {
    return new DatabaseSettings(database.url(), database.user(), Secret.of(database.password()));
  }

  /** What is on {@code cinch.credential.v1} now, of all tests so far. */
  static TopicReader announced() {
    return ANNOUNCED;
  }

  static List<CredentialEvent> events() {
    return ANNOUNCED.events(Topic.CREDENTIAL);
  }

  /** Every row of every table. */
  static SortedMap<String, List<String>> dump(DatabaseSettings database) {
    return DatabaseDump.of(embedded(database));
  }

  static Database embedded(DatabaseSettings database) {
    return new Database(database.url(), database.user(), database.password().reveal());
  }
}
