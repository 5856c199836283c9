package sh.cinch.ingress.webhooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.DELIVERY_BODY;
import static sh.cinch.testkit.PushBody.hash;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders.Header;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.PushBody.Change;
import sh.cinch.testkit.WebhookDelivery;

/** What is kept of a delivery, and what is not. */
@OnSharedServers
class KeptDeliveriesTest {

  private static final Change A_TO_B = Change.branch("main", hash('a'), hash('b'));

  private static TestParts parts;
  private static WebhookSide side;

  private Connected connected;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
  }

  @BeforeEach
  void connect() {
    connected = side.connect();
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @Test
  void itsBodyIsKeptAsItCame() {
    byte[] body = connected.push(A_TO_B);

    connected.delivery(body).send();

    LoggedDelivery logged = logged();
    DeliveryBodies bodies = bodies();
    await().until(() -> bodies.size(logged.id()).isPresent());
    assertThat(bodies.size(logged.id())).contains(body.length);
    assertThat(bodies.find(logged.id())).contains(body);
    assertThat(logged.refs()).containsExactly("refs/heads/main");
  }

  @Test
  void headersAreKeptByAListAndHostileOnesAreSpelt() {
    connected
        .delivery(connected.push(A_TO_B))
        .with("User-Agent", "Bitbucket-Webhooks/2.0 \t<script>" + "x".repeat(5_000))
        .with("X-Event-Time", "2026-11-23T15:00:00Z")
        .with("Cookie", "session=sesame")
        .with("Authorization", "Bearer sesame")
        .with("X-Other", "sesame")
        .send();

    List<Header> headers = logged().headers().all();
    assertThat(headers)
        .extracting(Header::name)
        .containsExactly(
            "X-Event-Key",
            "X-Hook-UUID",
            "X-Request-UUID",
            "X-Attempt-Number",
            "X-Event-Time",
            "User-Agent",
            "Content-Type",
            "Content-Length");
    assertThat(headers).contains(new Header("X-Event-Time", "2026-11-23T15:00:00Z"));
    assertThat(headers.get(5).value())
        .startsWith("Bitbucket-Webhooks/2.0 \\u{9}<script>xxx")
        .hasSizeLessThan(220);
  }

  @Test
  void neitherSignatureNorBodyCanBeReadInTheTables() {
    byte[] body =
        new String(connected.push(A_TO_B), UTF_8).replace("Fix", "open-sesame").getBytes(UTF_8);
    WebhookDelivery delivery =
        connected
            .delivery(body)
            .signed(connected.secret().reveal())
            .with("Cookie", "session=open-sesame");
    delivery.send();

    LoggedDelivery logged = logged();
    await().until(() -> bodies().size(logged.id()).isPresent());
    String signature =
        Objects.requireNonNull(delivery.headers().get("X-Hub-Signature"))
            .substring("sha256=".length());
    String line =
        parts
            .database()
            .sql()
            .selectFrom(DELIVERY)
            .where(DELIVERY.ID.eq(logged.id()))
            .fetch()
            .formatJSON();
    String stored = new String(row(logged.id()), ISO_8859_1);
    assertThat(line).contains(logged.id().toString()).doesNotContain(signature, "sesame");
    assertThat(stored).doesNotContain(signature, "sesame", "acme/app");
    assertThat(row(logged.id())).hasSizeLessThan(body.length);
  }

  @Test
  void aBodyOpensInItsOwnRowAlone() {
    connected.delivery(connected.push(A_TO_B)).send();
    LoggedDelivery one = logged();
    Connected elsewhere = side.connect();
    elsewhere.delivery(elsewhere.push(A_TO_B)).send();
    LoggedDelivery other = logged(elsewhere);
    DeliveryBodies bodies = bodies();
    await().until(() -> bodies.size(one.id()).isPresent() && bodies.size(other.id()).isPresent());

    parts
        .database()
        .sql()
        .update(DELIVERY_BODY)
        .set(DELIVERY_BODY.BODY, row(one.id()))
        .where(DELIVERY_BODY.DELIVERY_ID.eq(other.id()))
        .execute();

    assertThatThrownBy(() -> bodies.find(other.id())).isInstanceOf(Vault.Unreadable.class);
    assertThat(bodies.find(one.id())).isPresent();
  }

  @Test
  void ofARefusedOneNothingIsKeptButItsLine() {
    connected.delivery(connected.push(A_TO_B)).signed("another secret").send();
    WebhookDelivery genuine = connected.delivery(connected.push(A_TO_B));
    genuine.send();

    await().until(() -> newest(connected).size() == 2);
    LoggedDelivery refused =
        newest(connected).stream().filter(LoggedDelivery::isRefused).findFirst().orElseThrow();
    LoggedDelivery taken =
        newest(connected).stream().filter(one -> !one.isRefused()).findFirst().orElseThrow();
    await().until(() -> bodies().size(taken.id()).isPresent());
    assertThat(bodies().size(refused.id())).isEmpty();
  }

  @Test
  void underOverloadBodiesAreDroppedAndNeitherPushesNorLines() {
    byte[] large = large();
    double before = dropped("overload");
    List<Integer> answers =
        parts
            .database()
            .transaction(
                lock -> {
                  lock.execute("lock table ingress.delivery_body in access exclusive mode");
                  return IntStream.range(0, 12)
                      .map(i -> connected.delivery(large).status())
                      .boxed()
                      .toList();
                });

    assertThat(answers).hasSize(12).containsOnly(202);
    assertThat(dropped("overload") - before).isBetween(2.0, 4.0);
    await().until(() -> newest(connected).size() == 12);
    int kept = 12 - (int) (dropped("overload") - before);
    await()
        .until(
            () ->
                newest(connected).stream()
                        .filter(one -> bodies().size(one.id()).isPresent())
                        .count()
                    == kept);
    assertThat(side.eventIds(connected)).hasSize(12);
  }

  @Test
  void whatIsLargerThanIsKeptIsCountedAndNotKept() {
    TestParts another = SharedServers.another(parts);
    try (another;
        WebhookSide small =
            new WebhookSide(
                another,
                Webhooks.BODY_WITHIN,
                another.context().http(),
                new BodySettings(Duration.ofDays(1), 1_000))) {
      Connected here = small.connect();
      here.delivery(here.push(A_TO_B, A_TO_B, A_TO_B, A_TO_B, A_TO_B)).send();
      here.delivery(here.push(A_TO_B)).send();

      await().until(() -> newest(here).size() == 2);
      LoggedDelivery last = newest(here).getFirst();
      await().until(() -> bodies().size(last.id()).isPresent());
      assertThat(bodies().size(newest(here).getLast().id())).isEmpty();
      assertThat(
              another
                  .context()
                  .metrics()
                  .counter("cinch.delivery.body.dropped", "reason", "too-large")
                  .count())
          .isEqualTo(1);
    }
  }

  @Test
  void withoutDaysNoneIsKept() {
    TestParts another = SharedServers.another(parts);
    LoggedDelivery logged;
    try (another;
        WebhookSide without =
            new WebhookSide(
                another,
                Webhooks.BODY_WITHIN,
                another.context().http(),
                new BodySettings(Duration.ZERO, 1_000_000))) {
      Connected here = without.connect();
      here.delivery(here.push(A_TO_B)).send();
      logged = logged(here);
    }

    assertThat(bodies().size(logged.id())).isEmpty();
  }

  /** Nearly as long as a delivery may be, and different each time it is compressed with others. */
  private byte[] large() {
    String body = new String(connected.push(A_TO_B), UTF_8);
    return (body + " ".repeat(900_000 - body.length())).getBytes(UTF_8);
  }

  private static double dropped(String reason) {
    return parts
        .context()
        .metrics()
        .counter("cinch.delivery.body.dropped", "reason", reason)
        .count();
  }

  private static byte[] row(UUID delivery) {
    return parts
        .database()
        .sql()
        .select(DELIVERY_BODY.BODY)
        .from(DELIVERY_BODY)
        .where(DELIVERY_BODY.DELIVERY_ID.eq(delivery))
        .fetchSingle()
        .value1();
  }

  private static DeliveryBodies bodies() {
    return new DeliveryBodies(parts.database(), parts.vault());
  }

  private LoggedDelivery logged() {
    return logged(connected);
  }

  private static LoggedDelivery logged(Connected connected) {
    return await().until(() -> newest(connected), some -> !some.isEmpty()).getFirst();
  }

  private static List<LoggedDelivery> newest(Connected connected) {
    return side.deliveries().page(connected.repository(), PageRequest.first(50)).items();
  }
}
