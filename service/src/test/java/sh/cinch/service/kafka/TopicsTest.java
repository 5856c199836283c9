package sh.cinch.service.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Backends;

class TopicsTest {

  private final Kafka kafka = Backends.context().kafka();
  private final Topic<byte[]> topic =
      new Topic<>("t-" + UUID.randomUUID(), "t", byte[].class, 3, Topic.Kept.NEWEST_OF_EACH_KEY);

  @Test
  void createsWhatIsMissingAndAcceptsItAfterwards() throws Exception {
    Topics.ensure(kafka, List.of(topic));
    Topics.ensure(kafka, List.of(topic));
    try (Admin admin = kafka.admin()) {
      assertThat(admin.describeTopics(List.of(topic.name())).allTopicNames().get().values())
          .singleElement()
          .satisfies(made -> assertThat(made.partitions()).hasSize(3));
      ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic.name());
      assertThat(admin.describeConfigs(List.of(resource)).all().get().values())
          .singleElement()
          .satisfies(
              config ->
                  assertThat(config.get("message.timestamp.type").value())
                      .isEqualTo("LogAppendTime"));
    }
  }

  @Test
  void refusesATopicThatWouldForgetOrTrustOtherClocks() throws Exception {
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(topic.name(), 3, (short) 1)
                      .configs(
                          Map.of(
                              "cleanup.policy", "delete",
                              "message.timestamp.type", "CreateTime"))))
          .all()
          .get();
    }
    assertThatThrownBy(() -> Topics.ensure(kafka, List.of(topic)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContainingAll(
            topic.name() + " has cleanup.policy=delete, Cinch needs compact",
            topic.name() + " has message.timestamp.type=CreateTime, Cinch needs LogAppendTime");
  }

  @Test
  void anOperatorMayKeepRecordsLonger() throws Exception {
    Topic<byte[]> ours =
        new Topic<>("t-" + UUID.randomUUID(), "t", byte[].class, 1, Topic.Kept.FOR_TWO_WEEKS);
    try (Admin admin = kafka.admin()) {
      admin
          .createTopics(
              List.of(
                  new NewTopic(ours.name(), 12, (short) 1)
                      .configs(
                          Map.of(
                              "retention.ms", "-1",
                              "message.timestamp.type", "LogAppendTime"))))
          .all()
          .get();
    }
    Topics.ensure(kafka, List.of(ours));
    try (Admin admin = kafka.admin()) {
      assertThat(admin.listTopics().names().get()).contains(ours.name());
    }
  }
}
