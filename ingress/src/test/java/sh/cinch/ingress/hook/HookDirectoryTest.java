package sh.cinch.ingress.hook;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;

class HookDirectoryTest {

  private static TestParts parts;
  private static Hooks hooks;

  private HookDirectory directory;
  private HookName name;
  private UUID hook;

  @BeforeAll
  static void connect() {
    parts = SharedServers.parts();
    hooks = new Hooks(parts.database(), parts.vault(), parts.clock());
  }

  @AfterAll
  static void disconnect() {
    parts.close();
  }

  @BeforeEach
  void start() {
    directory = HookDirectory.start(parts.database(), parts.vault(), parts.clock());
    hook = hooks.create(parts.repository(), true, false).orElseThrow().id();
    name = new HookName.ById(hook);
  }

  @AfterEach
  void stop() {
    directory.close();
  }

  @Test
  void aNewHookIsKnownAtOnce() {
    assertThat(find()).isInstanceOf(Lookup.Known.class);
  }

  @Test
  void whatWasJustReadIsAnsweredWithoutWaiting() {
    find();

    Future<Lookup> again = directory.find(name);

    assertThat(again.isComplete()).isTrue();
    assertThat(again.result()).isInstanceOf(Lookup.Known.class);
  }

  @Test
  void aRemovedHookServesNoLongerThanASecond() {
    find();
    hooks.remove(hook);

    parts.clock().advance(Duration.ofSeconds(1));

    assertThat(find()).isEqualTo(new Lookup.Unknown());
  }

  @Test
  void aHookThatWasUnknownIsKnownWithinASecond() {
    HookUuid uuid = new HookUuid(UUID.randomUUID().toString());
    HookName unknown = new HookName.ByForgeUuid(uuid);
    assertThat(directory.find(unknown).await()).isEqualTo(new Lookup.Unknown());
    hooks.bind(hook, uuid);

    parts.clock().advance(Duration.ofSeconds(1));

    assertThat(directory.find(unknown).await()).isInstanceOf(Lookup.Known.class);
  }

  private Lookup find() {
    return directory.find(name).await();
  }
}
