package sh.cinch.service.kafka;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.due.Step;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.kafka.Topics.Found;
import sh.cinch.service.text.OneLine;

/**
 * Makes what is missing of a service's topics, and knows whether they are as they must be: until
 * then nothing is sent. A service that starts while Kafka is away goes on looking.
 */
public final class TopicCare implements Checked, Step {

  private static final Logger log = LoggerFactory.getLogger(TopicCare.class);
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration SAID_EVERY = Duration.ofHours(1);

  private final Kafka kafka;
  private final List<Topic<?>> topics;
  private final InstantSource clock;
  private final boolean isNeeded;
  private volatile Found found = new Found.Away("it was not asked yet");
  private Instant sayAt = Instant.MIN;

  private TopicCare(Kafka kafka, List<Topic<?>> topics, InstantSource clock, boolean isNeeded) {
    this.kafka = kafka;
    this.topics = topics;
    this.clock = clock;
    this.isNeeded = isNeeded;
  }

  /**
   * Looks once.
   *
   * @param isNeeded whether a service is of no use before Kafka is there
   * @throws IllegalStateException where a topic cannot be used as it is, saying what to change
   */
  public static TopicCare begin(
      Kafka kafka, List<Topic<?>> topics, InstantSource clock, boolean isNeeded) {
    TopicCare care = new TopicCare(kafka, topics, clock, isNeeded);
    boolean unused = care.run();
    if (care.found instanceof Found.Unusable(String reason)) {
      throw new IllegalStateException(reason);
    }
    return care;
  }

  /** Whether records may be sent. */
  public boolean isGood() {
    return found instanceof Found.Good;
  }

  /** Once they are good they are not looked at again. */
  @Override
  public boolean run() {
    if (!isGood()) {
      Found before = found;
      found = Topics.find(kafka, topics, PATIENCE);
      say(before);
    }
    return false;
  }

  private void say(Found before) {
    Instant now = clock.instant();
    if (!found.getClass().equals(before.getClass())) {
      sayAt = now;
    }
    if (now.isBefore(sayAt)) {
      return;
    }
    sayAt = now.plus(SAID_EVERY);
    switch (found) {
      case Found.Good() -> log.debug("the topics are as they must be");
      case Found.Away(String reason) ->
          log.warn("Kafka is away, waiting for it: {}", OneLine.of(reason));
      case Found.Unusable(String reason) -> log.error("nothing is sent to Kafka: {}", reason);
    }
  }

  @Override
  public Check check() {
    return switch (found) {
      case Found.Good() -> new Check.Well();
      case Found.Away(String reason) ->
          isNeeded ? new Check.Unwell("Kafka has not been there yet") : new Check.Well();
      case Found.Unusable(String reason) -> new Check.Unwell(reason);
    };
  }
}
