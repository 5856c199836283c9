package sh.cinch.ingress.webhooks.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static sh.cinch.database.ingress.Tables.DELIVERY_BODY_KEY;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.webhooks.Webhooks;
import sh.cinch.ingress.webhooks.delivery.DeliveryBodies.Kept;
import sh.cinch.service.keyset.KeysetCare;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.TestServers;

class DeliveryBodiesTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");
  private static final Duration KEPT = Duration.ofDays(7);

  private static TestParts parts;

  private final UUID delivery = UUID.randomUUID();

  @BeforeAll
  static void start() {
    parts = TestParts.open(SharedServers.kafka(), TestServers.shared().freshDatabase());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 20_000, 1024 * 1024})
  void bytesOfAnyKindComeBack(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes); // what cannot be compressed
    DeliveryBodies bodies = bodies();

    bodies.write(List.of(new Kept(delivery, NOON, bytes)), NOON);

    assertThat(bodies.size(delivery)).contains(length);
    assertThat(bodies().find(delivery)).contains(bytes);
  }

  @Test
  void writingOneAgainChangesNothing() {
    DeliveryBodies bodies = bodies();
    Kept first = new Kept(delivery, NOON, new byte[] {1, 2, 3});
    bodies.write(List.of(first), NOON);

    bodies().write(List.of(first, new Kept(UUID.randomUUID(), NOON, new byte[] {4})), NOON);

    assertThat(bodies.find(delivery)).contains(first.bytes());
  }

  @Test
  void bodiesGoOnceTheyAreOldAndTheirDaysKeysAfterThem() {
    parts.database().sql().deleteFrom(DELIVERY_BODY_KEY).execute();
    DeliveryBodies bodies = bodies();
    Instant lastOfTheDay = Instant.parse("2026-11-20T23:59:59Z");
    bodies.write(List.of(new Kept(delivery, lastOfTheDay, new byte[] {1})), lastOfTheDay);
    List<Retention.Kind> kinds = Webhooks.oldBodies(KEPT);

    clean(kinds, lastOfTheDay.plus(KEPT));
    assertThat(bodies.find(delivery)).isPresent();
    clean(kinds, lastOfTheDay.plus(KEPT).plusSeconds(1));
    assertThat(bodies.size(delivery)).isEmpty();
    assertThat(parts.database().sql().fetchCount(DELIVERY_BODY_KEY)).isEqualTo(1);
    clean(kinds, lastOfTheDay.plus(KEPT).plus(Duration.ofDays(2)));
    assertThat(parts.database().sql().fetchCount(DELIVERY_BODY_KEY)).isZero();
  }

  @Test
  void noDaysLeaveNothing() {
    DeliveryBodies bodies = bodies();
    bodies.write(List.of(new Kept(delivery, NOON, new byte[] {1})), NOON);

    clean(Webhooks.oldBodies(Duration.ZERO), NOON.plusSeconds(1));

    assertThat(bodies.size(delivery)).isEmpty();
  }

  @Test
  void aKeysetWithoutTheirKeysKeyDoesNotFit() {
    bodies().write(List.of(new Kept(delivery, NOON, new byte[] {1})), NOON);

    assertThat(
            catchThrowable(
                () ->
                    KeysetCare.of(
                        parts.context(), Webhooks.ENCRYPTED, Vault.open(Vault.newKeyset()))))
        .hasMessageContaining("keys of deliveries' bodies");
  }

  private static void clean(List<Retention.Kind> kinds, Instant now) {
    kinds.forEach(kind -> kind.batch().delete(parts.database(), now.minus(kind.kept()), 1_000));
  }

  /** As another instance has them. */
  private static DeliveryBodies bodies() {
    return new DeliveryBodies(parts.database(), parts.vault());
  }
}
