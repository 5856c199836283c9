package sh.cinch.ingress.running;

import sh.cinch.embedded.KafkaAccess;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.Topics;
import sh.cinch.testkit.TestServers;

/** One broker and one database for all test classes of this JVM; they end with it. */
public final class SharedServers {

  static {
    Topics.ensure(TestParts.kafka(TestServers.shared().kafka()), Topic.ALL);
  }

  private SharedServers() {}

  public static TestParts context() {
    return context(TestServers.shared().kafka());
  }

  /** For one more instance of the same service. */
  public static TestParts another(TestParts parts) {
    return TestParts.open(kafka(), TestServers.shared().database(), parts.vault());
  }

  /** With another broker than the shared one. */
  public static TestParts context(KafkaAccess kafka) {
    return TestParts.open(kafka, TestServers.shared().database());
  }

  /** Where no broker is. */
  public static KafkaAccess nowhere() {
    KafkaAccess shared = kafka();
    return new KafkaAccess("localhost:1", shared.user(), shared.password(), shared.properties());
  }

  public static KafkaAccess kafka() {
    return TestServers.shared().kafka();
  }
}
