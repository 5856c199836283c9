package sh.cinch.ingress.webhooks.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.testkit.ManualClock;

@OnSharedServers
class HookDirectoryTest {

  private static TestParts parts;
  private static Hooks hooks;

  private final ManualClock clock = new ManualClock();
  private HookDirectory directory;
  private HookName name;
  private UUID hook;

  @BeforeAll
  static void connect() {
    parts = SharedServers.context();
    hooks = new Hooks(parts.database(), parts.vault(), parts.clock());
  }

  @AfterAll
  static void disconnect() {
    parts.close();
  }

  @BeforeEach
  void start() {
    directory = HookDirectory.start(parts.database(), parts.vault(), clock);
    hook = hooks.create(parts.repository(), true, false).orElseThrow().id();
    name = new HookName.ById(hook);
  }

  @AfterEach
  void stop() {
    directory.close();
  }

  @Test
  void aNewHookIsKnownAtOnce() {
    assertThat(find()).isInstanceOf(HookLookup.Known.class);
  }

  @Test
  void whatWasJustReadIsAnsweredWithoutWaiting() {
    find();

    Future<HookLookup> again = directory.find(name);

    assertThat(again.isComplete()).isTrue();
    assertThat(again.result()).isInstanceOf(HookLookup.Known.class);
  }

  @Test
  void whatIsInUseIsReadAgainBeforeItIsTooOldAndNobodyWaits() {
    find();
    HookUuid uuid = new HookUuid(UUID.randomUUID().toString());
    hooks.bind(hook, uuid);
    assertThat(uuids(directory, name)).isEmpty();

    clock.advance(Duration.ofMillis(600));

    await()
        .untilAsserted(
            () -> {
              Future<HookLookup> lookup = directory.find(name);
              assertThat(lookup.isComplete()).isTrue();
              assertThat(uuids(directory, name)).contains(uuid);
            });
  }

  @Test
  void aRemovedHookServesNoLongerThanASecond() {
    find();
    hooks.remove(hook);

    clock.advance(Duration.ofSeconds(1));

    // The read before may be over and not be let go of yet.
    await().until(this::find, new HookLookup.Unknown()::equals);
  }

  @Test
  void aHookThatWasUnknownIsKnownWithinASecond() {
    HookUuid uuid = new HookUuid(UUID.randomUUID().toString());
    HookName unknown = new HookName.ByForgeUuid(uuid);
    assertThat(directory.find(unknown).await()).isEqualTo(new HookLookup.Unknown());
    hooks.bind(hook, uuid);

    clock.advance(Duration.ofSeconds(1));

    await().until(() -> directory.find(unknown).await() instanceof HookLookup.Known);
  }

  @Test
  void oneMoreUuidIsKnownAtOnceHereAndWithinASecondElsewhere() {
    HookUuid uuid = new HookUuid(UUID.randomUUID().toString());
    HookName alone = new HookName.ByForgeUuid(uuid);
    hooks.bind(hook, new HookUuid(UUID.randomUUID().toString()));
    try (HookDirectory elsewhere = HookDirectory.start(parts.database(), parts.vault(), clock)) {
      for (HookDirectory each : List.of(directory, elsewhere)) {
        each.find(alone).await();
        each.find(name).await();
      }
      hooks.add(hook, uuid, clock.instant());

      directory.given(((HookLookup.Known) find()).hook(), uuid);

      assertThat(uuids(directory, name)).contains(uuid);
      assertThat(uuids(directory, alone)).contains(uuid);
      clock.advance(Duration.ofSeconds(1));
      await().until(() -> uuids(elsewhere, name).contains(uuid));
      await().until(() -> uuids(elsewhere, alone).contains(uuid));
    }
  }

  private static Set<HookUuid> uuids(HookDirectory directory, HookName name) {
    return directory.find(name).await() instanceof HookLookup.Known known
        ? known.hook().hook().uuids()
        : Set.of();
  }

  private HookLookup find() {
    return directory.find(name).await();
  }
}
