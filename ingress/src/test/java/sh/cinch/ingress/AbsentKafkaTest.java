package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.service.Tables.OUTBOX;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.embedded.Broker;
import sh.cinch.embedded.KafkaAccess;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.web.Web;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.NewHook;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.Running;
import sh.cinch.service.RunningService;
import sh.cinch.service.config.Listen;
import sh.cinch.service.http.TrustedProxies;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.TestServers;

/** Kafka is not there yet when an ingress starts. */
class AbsentKafkaTest {

  private static final Site SITE =
      Site.bitbucketCloud(URI.create("http://localhost:1"), URI.create("http://localhost:1"));
  private static final Duration SOON = Duration.ofSeconds(40);

  private final Running running = new Running();
  private TestParts parts;

  @TempDir private Path data;
  @TempDir private Path artifacts;

  /** The broker is only there to make its data, in which one topic is not as it must be. */
  @BeforeEach
  void open() throws Exception {
    KafkaAccess access;
    try (Broker never = Broker.kept(data, 0)) {
      access = never.access();
      try (Admin admin = TestParts.kafka(access).admin()) {
        admin
            .createTopics(
                List.of(
                    new NewTopic(Topic.CONNECTION.name(), 1, (short) 1)
                        .configs(Map.of("cleanup.policy", "delete"))))
            .all()
            .get();
      }
    }
    parts = running.with(TestParts.open(access, TestServers.shared().freshDatabase()));
  }

  @AfterEach
  void close() {
    running.close();
  }

  @Test
  void pushesStayInTheOutboxUntilTheTopicsAreThereAndAsTheyMustBe() throws Exception {
    RunningService webhooks = start(Set.of(Role.WEBHOOKS));
    RunningService all = start(Role.ALL);
    assertThat(webhooks.health().problems()).as("who only receives is ready").isEmpty();
    assertThat(all.health().problems())
        .containsEntry("topics", "Kafka has not been there yet")
        .containsEntry("live feed", "the reader live-feed waits for Kafka");
    Connected repository = connect(webhooks);
    assertThat(push(repository, '1')).isEqualTo(202);
    assertThat(push(repository, '2')).isEqualTo(202);

    running.with(Broker.kept(data, 0));
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(webhooks.health().problems().get("topics"))
                    .contains(Topic.CONNECTION.name() + " has cleanup.policy=delete"));
    assertThat(push(repository, '3')).isEqualTo(202);
    assertThat(parts.context().database().sql().fetchCount(OUTBOX)).isEqualTo(3);

    mend(Topic.CONNECTION);
    await().atMost(SOON).until(() -> all.health().problems().isEmpty());
    await()
        .atMost(SOON)
        .untilAsserted(
            () ->
                assertThat(parts.records(Topic.PUSH, repository.repository().toString()))
                    .extracting(WebhookSide::event)
                    .extracting(PushEvent::newHash)
                    .containsExactly("1".repeat(40), "2".repeat(40), "3".repeat(40)));
  }

  private void mend(Topic<?> topic) throws Exception {
    Collection<AlterConfigOp> settings =
        topic.settings().entrySet().stream()
            .map(each -> new ConfigEntry(each.getKey(), each.getValue()))
            .map(each -> new AlterConfigOp(each, AlterConfigOp.OpType.SET))
            .toList();
    try (Admin admin = parts.context().kafka().admin()) {
      admin
          .incrementalAlterConfigs(
              Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic.name()), settings))
          .all()
          .get();
    }
  }

  private int push(Connected repository, char to) {
    return repository
        .delivery(
            repository.push(Change.branch("main", "0".repeat(40), String.valueOf(to).repeat(40))))
        .status();
  }

  private Connected connect(RunningService ingress) {
    String uuid = "{" + UUID.randomUUID() + "}";
    UUID repository = parts.repository(uuid, "acme/app");
    NewHook hook =
        new Hooks(parts.database(), parts.vault(), parts.clock())
            .create(repository, false, false)
            .orElseThrow();
    return new Connected(
        repository,
        uuid,
        "acme/app",
        hook.id(),
        UUID.randomUUID(),
        hook.secret(),
        URI.create(
            "http://localhost:%d/webhooks/bitbucket/%s".formatted(ingress.port(), hook.id())));
  }

  private RunningService start(Set<Role> roles) {
    boolean isAll = roles.equals(Role.ALL);
    return running.with(
        IngressService.start(
            new IngressConfig(
                roles,
                Listen.onLoopback(),
                Listen.onLoopback(),
                TrustedProxies.NONE,
                TestParts.settings(parts.brokers()),
                TestParts.settings(TestServers.shared().database()),
                SITE,
                parts.vault(),
                Optional.of(BodySettings.USUAL),
                isAll ? Optional.of(stores()) : Optional.empty(),
                isAll
                    ? Optional.of(
                        new Web.Settings(
                            URI.create("http://localhost:8080"), "client", Optional.empty()))
                    : Optional.empty(),
                isAll ? Optional.of(IngressConfig.Days.USUAL) : Optional.empty()),
            parts.context()));
  }

  private IngressConfig.Stores stores() {
    return new IngressConfig.Stores(
        new IngressConfig.TokenServiceAccess(
            URI.create("http://localhost:1"), Secret.of("a secret")),
        new ArtifactSettings(artifacts, Duration.ofDays(1), 1024, 1024, Optional.empty()),
        HourlyLimit.of(0));
  }
}
