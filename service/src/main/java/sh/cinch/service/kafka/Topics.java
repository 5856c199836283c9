package sh.cinch.service.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.topic.Topic;

/** Creates the topics that are missing, and refuses those that would break a promise. */
public final class Topics {

  private static final Logger log = LoggerFactory.getLogger(Topics.class);

  /** Longer retention than ours is the operator's choice; these two change what a topic means. */
  private static final List<String> MATTERS = List.of("cleanup.policy", "message.timestamp.type");

  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Topics() {}

  /**
   * @throws IllegalStateException where a topic cannot be used as it is, saying what to change
   */
  public static void ensure(Kafka kafka, List<Topic<?>> topics) {
    try (Admin admin = kafka.admin()) {
      ensure(admin, topics);
    }
  }

  /** How the topics were found. */
  sealed interface Found {

    /** All are there, and as they must be. */
    record Good() implements Found {}

    record Away(String reason) implements Found {}

    /**
     * @param reason what to change
     */
    record Unusable(String reason) implements Found {}
  }

  /** The same for those who can wait. */
  static Found find(Kafka kafka, List<Topic<?>> topics, Duration patience) {
    try (Admin admin = kafka.admin(patience)) {
      ensure(admin, topics);
      return new Found.Good();
    } catch (IllegalStateException e) {
      String reason = String.valueOf(e.getMessage());
      return isAway(e) ? new Found.Away(reason) : new Found.Unusable(reason);
    }
  }

  private static boolean isAway(IllegalStateException e) {
    return e.getCause() instanceof ExecutionException failed
        && (failed.getCause() instanceof RetriableException
            // Until enough brokers are there.
            || failed.getCause() instanceof InvalidReplicationFactorException);
  }

  private static void ensure(Admin admin, List<Topic<?>> topics) {
    try {
      Set<String> there = admin.listTopics().names().get();
      for (Topic<?> topic : topics) {
        if (!there.contains(topic.name())) {
          create(admin, topic);
        }
      }
      check(admin, topics);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot look at Kafka's topics: " + reason(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at Kafka's topics", e);
    }
  }

  private static void create(Admin admin, Topic<?> topic) throws InterruptedException {
    NewTopic request =
        new NewTopic(topic.name(), Optional.of(topic.partitions()), Optional.empty())
            .configs(topic.settings());
    try {
      admin.createTopics(List.of(request)).all().get();
      log.info("created topic={} partitions={}", topic.name(), topic.partitions());
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof TopicExistsException)) {
        throw new IllegalStateException(
            "topic %s is missing and cannot be created here: %s. Create it with %d partitions and %s"
                .formatted(topic.name(), reason(e), topic.partitions(), topic.settings()),
            e);
      }
    }
  }

  private static void check(Admin admin, List<Topic<?>> topics)
      throws InterruptedException, ExecutionException {
    Map<ConfigResource, Config> found = settings(admin, topics);
    List<String> wrong = new ArrayList<>();
    for (Topic<?> topic : topics) {
      Config config = Objects.requireNonNull(found.get(resource(topic)));
      wrong.addAll(differences(topic, config));
    }
    if (!wrong.isEmpty()) {
      throw new IllegalStateException(String.join("; ", wrong));
    }
  }

  /** A topic made a moment ago is not known to every part of the cluster yet. */
  private static Map<ConfigResource, Config> settings(Admin admin, List<Topic<?>> topics)
      throws InterruptedException, ExecutionException {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        return admin.describeConfigs(topics.stream().map(Topics::resource).toList()).all().get();
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() > patience) {
          throw e;
        }
        Thread.sleep(PAUSE);
      }
    }
  }

  private static List<String> differences(Topic<?> topic, Config config) {
    return MATTERS.stream()
        .flatMap(
            setting -> {
              String wanted = topic.settings().get(setting);
              String is = config.get(setting).value();
              return is.equals(wanted)
                  ? Stream.empty()
                  : Stream.of(
                      "topic %s has %s=%s, Cinch needs %s"
                          .formatted(topic.name(), setting, is, wanted));
            })
        .toList();
  }

  private static ConfigResource resource(Topic<?> topic) {
    return new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
  }

  private static String reason(ExecutionException e) {
    return String.valueOf(e.getCause());
  }
}
