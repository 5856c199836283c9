package sh.cinch.ingress.running;

import sh.cinch.embedded.Broker;
import sh.cinch.embedded.Postgres;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Topics;

/** One broker and one database for all test classes of this JVM; they end with it. */
public final class SharedServers {

  private static final Broker BROKER = Broker.temporary();
  private static final Postgres POSTGRES = Postgres.temporary();

  static {
    Topics.ensure(TestParts.kafka(BROKER.bootstrapServers()), Topic.ALL);
  }

  private SharedServers() {}

  public static TestParts context() {
    return context(BROKER.bootstrapServers());
  }

  /** With another broker than the shared one. */
  public static TestParts context(String kafka) {
    return TestParts.open(kafka, POSTGRES.database());
  }

  public static String kafka() {
    return BROKER.bootstrapServers();
  }
}
