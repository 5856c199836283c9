package sh.cinch.ingress.webhooks.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.HOOK;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;

@OnSharedServers
class HooksTest {

  private static TestParts parts;
  private static Hooks hooks;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    hooks = new Hooks(parts.database(), parts.vault(), parts.clock());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @Test
  void theSecretLiesSealed() {
    NewHook hook = hooks.create(parts.repository(), true, false).orElseThrow();

    byte[] stored = stored(hook.id());

    assertThat(hook.secret().reveal()).matches("[0-9a-f]{64}");
    assertThat(new String(stored, StandardCharsets.ISO_8859_1))
        .doesNotContain(hook.secret().reveal());
  }

  @Test
  void anotherHooksSecretDoesNotOpen() {
    NewHook one = hooks.create(parts.repository(), true, false).orElseThrow();
    NewHook other = hooks.create(parts.repository(), true, false).orElseThrow();
    parts
        .database()
        .sql()
        .update(HOOK)
        .set(HOOK.SECRET, stored(one.id()))
        .where(HOOK.ID.eq(other.id()))
        .execute();

    assertThat(new HookRows(parts.database(), parts.vault()).newest(10_000))
        .extracting(known -> known.hook().id())
        .contains(one.id())
        .doesNotContain(other.id());
    hooks.remove(other.id());
  }

  @Test
  void aRepositoryHasOneHook() {
    UUID repository = parts.repository();
    NewHook first = hooks.create(repository, true, false).orElseThrow();

    assertThat(hooks.create(repository, true, false)).isEmpty();

    hooks.remove(first.id());
    assertThat(hooks.create(repository, true, false)).isPresent();
  }

  @Test
  void aHookIsBoundOnce() {
    UUID hook = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid uuid = uuid();

    assertThat(hooks.bind(hook, uuid)).isTrue();
    assertThat(hooks.bind(hook, uuid)).isTrue();
    assertThat(hooks.bind(hook, uuid())).isFalse();
    assertThat(hooks.find(hook).orElseThrow().forgeUuid()).contains(uuid);
  }

  @Test
  void twoHooksAreNotBoundToOne() {
    UUID one = hooks.create(parts.repository(), false, false).orElseThrow().id();
    UUID other = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid uuid = uuid();

    assertThat(hooks.bind(one, uuid)).isTrue();

    assertThat(hooks.bind(other, uuid)).isFalse();
  }

  @Test
  void aRemovedHookIsGone() {
    UUID repository = parts.repository();
    UUID hook = hooks.create(repository, true, false).orElseThrow().id();

    assertThat(hooks.remove(hook)).isTrue();

    assertThat(hooks.remove(hook)).isFalse();
    assertThat(hooks.find(hook)).isEmpty();
    assertThat(hooks.ofRepository(repository)).isEmpty();
    assertThat(hooks.bind(hook, uuid())).isFalse();
    assertThat(hooks.rotateSecret(hook)).isEmpty();
  }

  private static HookUuid uuid() {
    return new HookUuid(UUID.randomUUID().toString());
  }

  private static byte[] stored(UUID hook) {
    return parts
        .database()
        .sql()
        .select(HOOK.SECRET)
        .from(HOOK)
        .where(HOOK.ID.eq(hook))
        .fetchSingle(HOOK.SECRET);
  }
}
