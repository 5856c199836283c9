package sh.cinch.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** The settings of a broker that is alone and shares a small machine with those who use it. */
final class BrokerSettings {

  private static final Map<String, String> ALONE =
      Map.of(
          "offsets.topic.replication.factor", "1",
          "transaction.state.log.replication.factor", "1",
          "transaction.state.log.min.isr", "1",
          "share.coordinator.state.topic.replication.factor", "1",
          "share.coordinator.state.topic.min.isr", "1");

  private static final Map<String, String> SMALL =
      Map.of(
          "offsets.topic.num.partitions", "4",
          "transaction.state.log.num.partitions", "4",
          "share.coordinator.state.topic.num.partitions", "4",
          "num.network.threads", "2",
          "num.io.threads", "4",
          "background.threads", "2",
          "group.coordinator.threads", "1",
          "share.coordinator.threads", "1",
          "num.replica.fetchers", "1",
          "log.cleaner.dedupe.buffer.size", Integer.toString(4 * 1024 * 1024));

  private static final Map<String, String> PROMPT =
      Map.of(
          "group.initial.rebalance.delay.ms", "0",
          // A broker that was killed is taken back only when its old session has run out.
          "broker.heartbeat.interval.ms", "500",
          "broker.session.timeout.ms", "4000",
          // The default is to wait for ever.
          "server.max.startup.time.ms", "60000");

  private BrokerSettings() {}

  /**
   * @param user whoever connects is this one, the broker itself as well
   */
  static Map<String, String> of(
      Path data, int port, int controllerPort, String user, String password) {
    Map<String, String> settings = new HashMap<>();
    settings.putAll(roles(data, port, controllerPort));
    settings.putAll(ALONE);
    settings.putAll(SMALL);
    settings.putAll(PROMPT);
    settings.putAll(login(user, password));
    return settings;
  }

  private static Map<String, String> roles(Path data, int port, int controllerPort) {
    return Map.of(
        "process.roles", "broker,controller",
        "node.id", "1",
        "controller.quorum.voters", "1@localhost:" + controllerPort,
        "controller.listener.names", "CONTROLLER",
        "listeners", "CLIENTS://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort,
        "listener.security.protocol.map", "CLIENTS:SASL_PLAINTEXT,CONTROLLER:SASL_PLAINTEXT",
        "inter.broker.listener.name", "CLIENTS",
        "log.dirs", data.toString(),
        "auto.create.topics.enable", "false");
  }

  private static Map<String, String> login(String user, String password) {
    String jaas = jaas(user, password);
    return Map.of(
        "sasl.enabled.mechanisms", "PLAIN",
        "sasl.mechanism.inter.broker.protocol", "PLAIN",
        "sasl.mechanism.controller.protocol", "PLAIN",
        "listener.name.clients.plain.sasl.jaas.config", jaas,
        "listener.name.controller.plain.sasl.jaas.config", jaas);
  }

  /** Who a broker itself is, and the only one it lets in. */
  static String jaas(String user, String password) {
    return "%s user_%s=\"%s\";".formatted(KafkaAccess.jaas(user, password), user, password);
  }
}
