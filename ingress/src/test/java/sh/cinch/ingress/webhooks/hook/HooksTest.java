package sh.cinch.ingress.webhooks.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.HOOK;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;

@OnSharedServers
class HooksTest {

  private static final Instant NOON = Instant.parse("2026-11-24T12:00:00Z");

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

  @Test
  void aHookHasThreeUuidsAtMost() {
    UUID hook = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid first = uuid();

    assertThat(hooks.add(hook, first, NOON)).isEqualTo(UuidAddition.FIRST);
    assertThat(hooks.add(hook, uuid(), NOON)).isEqualTo(UuidAddition.ONE_MORE);
    assertThat(hooks.add(hook, uuid(), NOON)).isEqualTo(UuidAddition.ONE_MORE);
    assertThat(hooks.add(hook, uuid(), NOON)).isEqualTo(UuidAddition.TOO_MANY);
    assertThat(hooks.add(hook, first, NOON)).isEqualTo(UuidAddition.KNOWN);

    Hook found = hooks.find(hook).orElseThrow();
    assertThat(found.forgeUuid()).contains(first);
    assertThat(found.uuids()).hasSize(3);
  }

  @Test
  void alsoWhereSeveralInstancesAddOneAtOnce() {
    UUID hook = hooks.create(parts.repository(), false, false).orElseThrow().id();

    List<CompletableFuture<UuidAddition>> adding =
        IntStream.range(0, 6)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> hooks.add(hook, uuid(), NOON)))
            .toList();

    assertThat(adding.stream().map(CompletableFuture::join))
        .containsExactlyInAnyOrder(
            UuidAddition.FIRST,
            UuidAddition.ONE_MORE,
            UuidAddition.ONE_MORE,
            UuidAddition.TOO_MANY,
            UuidAddition.TOO_MANY,
            UuidAddition.TOO_MANY);
  }

  @Test
  void oneUuidIsOneHooks() {
    UUID one = hooks.create(parts.repository(), false, false).orElseThrow().id();
    UUID other = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid bound = uuid();
    HookUuid added = uuid();
    hooks.bind(one, bound);
    hooks.add(one, added, NOON);
    hooks.bind(other, uuid());

    assertThat(hooks.add(other, bound, NOON)).isEqualTo(UuidAddition.ANOTHERS);
    assertThat(hooks.add(other, added, NOON)).isEqualTo(UuidAddition.ANOTHERS);
    assertThat(hooks.bind(other, added)).isFalse();
  }

  @Test
  void whatTheReleaseBeforeBoundIsOneToo() {
    UUID one = hooks.create(parts.repository(), false, false).orElseThrow().id();
    UUID other = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid uuid = uuid();
    parts
        .database()
        .sql()
        .update(HOOK)
        .set(HOOK.FORGE_UUID, uuid.value())
        .where(HOOK.ID.eq(one))
        .execute();
    hooks.bind(other, uuid());

    assertThat(hooks.find(one).orElseThrow().uuids()).containsExactly(uuid);
    assertThat(hooks.add(other, uuid, NOON)).isEqualTo(UuidAddition.ANOTHERS);
    assertThat(hooks.add(one, uuid(), NOON)).isEqualTo(UuidAddition.ONE_MORE);
    assertThat(hooks.removeUuid(one, uuid)).isEqualTo(UuidRemoval.REMOVED);
  }

  @Test
  void theUuidsOfARemovedHookAreFree() {
    UUID repository = parts.repository();
    UUID before = hooks.create(repository, false, false).orElseThrow().id();
    HookUuid bound = uuid();
    HookUuid added = uuid();
    hooks.bind(before, bound);
    hooks.add(before, added, NOON);
    hooks.remove(before);

    UUID after = hooks.create(repository, false, false).orElseThrow().id();

    assertThat(hooks.bind(after, added)).isTrue();
    assertThat(hooks.add(after, bound, NOON)).isEqualTo(UuidAddition.ONE_MORE);
    assertThat(hooks.add(before, uuid(), NOON)).isEqualTo(UuidAddition.NO_HOOK);
  }

  @Test
  void whereTheBoundOneIsRemovedTheNewestTakesItsPlace() {
    UUID hook = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid first = uuid();
    HookUuid newest = uuid();
    hooks.add(hook, first, NOON);
    hooks.add(hook, uuid(), NOON.plusSeconds(1));
    hooks.add(hook, newest, NOON.plusSeconds(2));

    assertThat(hooks.removeUuid(hook, first)).isEqualTo(UuidRemoval.REMOVED);
    assertThat(hooks.removeUuid(hook, first)).isEqualTo(UuidRemoval.NONE);

    assertThat(hooks.find(hook).orElseThrow().forgeUuid()).contains(newest);
  }

  @Test
  void theLastOneStays() {
    UUID hook = hooks.create(parts.repository(), false, false).orElseThrow().id();
    HookUuid only = uuid();
    hooks.bind(hook, only);

    assertThat(hooks.removeUuid(hook, only)).isEqualTo(UuidRemoval.ONLY_ONE);

    assertThat(hooks.find(hook).orElseThrow().uuids()).containsExactly(only);
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

  @Test
  void oneThatCinchMadeAgainTakesThePlaceOfTheOneThatWasSeenTheLongestAgo() {
    UUID hook = hooks.create(parts.repository(), true, false).orElseThrow().id();
    HookUuid first = uuid();
    HookUuid second = uuid();
    HookUuid third = uuid();
    hooks.add(hook, first, NOON);
    hooks.add(hook, second, NOON.plusSeconds(2));
    hooks.add(hook, third, NOON.plusSeconds(1));
    HookUuid made = uuid();

    assertThat(hooks.remade(hook, made)).isTrue();

    Hook found = hooks.find(hook).orElseThrow();
    assertThat(found.forgeUuid()).contains(made);
    assertThat(found.uuids()).containsExactlyInAnyOrder(second, third, made);
    assertThat(hooks.remade(hook, second)).as("one it has").isTrue();
    assertThat(hooks.find(hook).orElseThrow().forgeUuid()).contains(second);
  }

  @Test
  void oneThatIsAnothersOrOfARemovedHookIsNotMadeAgain() {
    UUID one = hooks.create(parts.repository(), true, false).orElseThrow().id();
    UUID other = hooks.create(parts.repository(), true, false).orElseThrow().id();
    HookUuid taken = uuid();
    hooks.bind(one, taken);

    assertThat(hooks.remade(other, taken)).isFalse();
    hooks.remove(other);
    assertThat(hooks.remade(other, uuid())).isFalse();
  }

  @Test
  void aUrlOfOursIsReadHoweverItIsWritten() {
    UUID hook = UUID.randomUUID();

    assertThat(HookUrl.read("HTTPS://Cinch.Example.com:443/ci//webhooks/bitbucket/" + hook + "/"))
        .contains(new HookUrl("https://cinch.example.com/ci", hook));
    assertThat(new HookUrls(URI.create("http://localhost:8080/")).hook(hook))
        .hasToString("http://localhost:8080/webhooks/bitbucket/" + hook);
    for (String other :
        List.of(
            "https://cinch.example.com/webhooks/bitbucket",
            "https://cinch.example.com/webhooks/bitbucket/7",
            "https://cinch.example.com/" + hook,
            "/webhooks/bitbucket/" + hook,
            "mailto:x/webhooks/bitbucket/" + hook,
            "https://a b/webhooks/bitbucket/" + hook,
            "")) {
      assertThat(HookUrl.read(other)).as(other).isEmpty();
    }
  }
}
