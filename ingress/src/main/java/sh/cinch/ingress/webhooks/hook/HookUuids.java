package sh.cinch.ingress.webhooks.hook;

import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UUID;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import org.jooq.exception.IntegrityConstraintViolationException;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.database.ingress.tables.records.HookRecord;
import sh.cinch.database.ingress.tables.records.HookUuidRecord;
import sh.cinch.service.database.Database;

/**
 * Which hooks of the forge a hook of ours is. Whoever changes that locks the hook's row, so that
 * however many instances do so, none is one too many.
 */
record HookUuids(Database database) {

  static final int MOST = 3;

  boolean bind(UUID hookId, HookUuid uuid) {
    try {
      return database.transaction(
          transaction -> {
            HookRecord hook = locked(transaction, hookId);
            if (hook == null || !couldBe(transaction, hook, uuid)) {
              return false;
            }
            if (!insert(transaction, hookId, uuid, null)) {
              return false;
            }
            hook.setForgeUuid(uuid.value());
            hook.update();
            return true;
          });
    } catch (IntegrityConstraintViolationException e) {
      return false;
    }
  }

  UuidAddition add(UUID hookId, HookUuid uuid, Instant seenAt) {
    try {
      return database.transaction(transaction -> add(transaction, hookId, uuid, seenAt));
    } catch (IntegrityConstraintViolationException e) {
      return UuidAddition.ANOTHERS;
    }
  }

  /** As many as there may be: the one that was seen the longest ago makes way. */
  boolean remade(UUID hookId, HookUuid uuid) {
    try {
      return database.transaction(transaction -> remade(transaction, hookId, uuid));
    } catch (IntegrityConstraintViolationException e) {
      return false;
    }
  }

  private static boolean remade(DSLContext transaction, UUID hookId, HookUuid uuid) {
    HookRecord hook = locked(transaction, hookId);
    if (hook == null) {
      return false;
    }
    Set<String> there = uuids(transaction, hook);
    if (there.size() >= MOST && !there.contains(uuid.value())) {
      makeRoom(transaction, hook);
    }
    return switch (add(transaction, hookId, uuid, null)) {
      case FIRST, ONE_MORE, KNOWN -> {
        transaction
            .update(HOOK)
            .set(HOOK.FORGE_UUID, uuid.value())
            .where(HOOK.ID.eq(hookId))
            .execute();
        yield true;
      }
      case TOO_MANY, ANOTHERS, NO_HOOK -> false;
    };
  }

  private static void makeRoom(DSLContext transaction, HookRecord hook) {
    transaction
        .selectFrom(HOOK_UUID)
        .where(HOOK_UUID.HOOK_ID.eq(hook.getId()))
        .orderBy(HOOK_UUID.LAST_SEEN_AT.asc().nullsFirst())
        .limit(1)
        .fetchOptional()
        .ifPresent(
            oldest -> {
              oldest.delete();
              HookUuid.parse(oldest.getForgeUuid())
                  .ifPresent(uuid -> goOnWithout(transaction, hook, uuid));
            });
  }

  private static UuidAddition add(
      DSLContext transaction, UUID hookId, HookUuid uuid, @Nullable Instant seenAt) {
    HookRecord hook = locked(transaction, hookId);
    if (hook == null) {
      return UuidAddition.NO_HOOK;
    }
    Set<String> there = uuids(transaction, hook);
    if (there.contains(uuid.value())) {
      return UuidAddition.KNOWN;
    }
    if (there.size() >= MOST) {
      return UuidAddition.TOO_MANY;
    }
    if (isBoundElsewhere(transaction, hookId, uuid) || !insert(transaction, hookId, uuid, seenAt)) {
      return UuidAddition.ANOTHERS;
    }
    if (there.isEmpty()) {
      hook.setForgeUuid(uuid.value());
      hook.update();
      return UuidAddition.FIRST;
    }
    if (there.size() == 1) {
      // From now on each has its own.
      seenLast(transaction, hook, there.iterator().next());
    }
    return UuidAddition.ONE_MORE;
  }

  private static void seenLast(DSLContext transaction, HookRecord hook, String uuid) {
    transaction
        .insertInto(HOOK_UUID)
        .set(HOOK_UUID.FORGE_UUID, uuid)
        .set(HOOK_UUID.HOOK_ID, hook.getId())
        .set(HOOK_UUID.LAST_SEEN_AT, hook.getLastDeliveryAt())
        .onConflict(HOOK_UUID.FORGE_UUID)
        .doUpdate()
        // The release before binds what a removed hook had without taking it from there.
        .set(HOOK_UUID.HOOK_ID, hook.getId())
        .set(HOOK_UUID.LAST_SEEN_AT, hook.getLastDeliveryAt())
        .execute();
  }

  List<SeenUuid> of(Hook hook) {
    Map<String, HookUuidRecord> rows =
        database.sql().selectFrom(HOOK_UUID).where(HOOK_UUID.HOOK_ID.eq(hook.id())).stream()
            .collect(Collectors.toMap(HookUuidRecord::getForgeUuid, row -> row));
    return hook.uuids().stream()
        .map(uuid -> seen(hook, uuid, Optional.ofNullable(rows.get(uuid.value()))))
        .sorted(
            Comparator.comparing((SeenUuid seen) -> seen.lastSeenAt().orElse(Instant.MIN))
                .reversed()
                .thenComparing(seen -> seen.uuid().value()))
        .toList();
  }

  private static SeenUuid seen(Hook hook, HookUuid uuid, Optional<HookUuidRecord> row) {
    return new SeenUuid(
        uuid,
        row.map(HookUuidRecord::getFirstSeenAt),
        hook.hasSeveralUuids() ? row.map(HookUuidRecord::getLastSeenAt) : hook.lastDeliveryAt());
  }

  UuidRemoval remove(UUID hookId, HookUuid uuid) {
    return database.transaction(
        transaction -> {
          HookRecord hook = locked(transaction, hookId);
          Set<String> there = hook == null ? Set.of() : uuids(transaction, hook);
          if (hook == null || !there.contains(uuid.value())) {
            return UuidRemoval.NONE;
          }
          if (there.size() == 1) {
            return UuidRemoval.ONLY_ONE;
          }
          transaction
              .deleteFrom(HOOK_UUID)
              .where(HOOK_UUID.FORGE_UUID.eq(uuid.value()))
              .and(HOOK_UUID.HOOK_ID.eq(hookId))
              .execute();
          goOnWithout(transaction, hook, uuid);
          return UuidRemoval.REMOVED;
        });
  }

  /** The newest of the others is the one to be mended and removed on the forge. */
  private static void goOnWithout(DSLContext transaction, HookRecord hook, HookUuid uuid) {
    List<HookUuidRecord> left =
        transaction
            .selectFrom(HOOK_UUID)
            .where(HOOK_UUID.HOOK_ID.eq(hook.getId()))
            .orderBy(HOOK_UUID.LAST_SEEN_AT.desc().nullsLast())
            .fetch();
    if (left.isEmpty()) {
      return; // only one that the release before has bound is left, in the hook's own row
    }
    if (uuid.value().equals(hook.getForgeUuid())) {
      hook.setForgeUuid(left.getFirst().getForgeUuid());
    }
    Instant lastSeen = left.getFirst().getLastSeenAt();
    if (left.size() == 1 && lastSeen != null) {
      hook.setLastDeliveryAt(lastSeen);
    }
    hook.update();
  }

  private static boolean couldBe(DSLContext transaction, HookRecord hook, HookUuid uuid) {
    Set<String> there = uuids(transaction, hook);
    return there.isEmpty() || there.contains(uuid.value());
  }

  /** False where it is another hook's; those of a removed one are free. */
  private static boolean insert(
      DSLContext transaction, UUID hookId, HookUuid uuid, @Nullable Instant seenAt) {
    transaction
        .deleteFrom(HOOK_UUID)
        .where(HOOK_UUID.FORGE_UUID.eq(uuid.value()))
        .andExists(
            selectOne()
                .from(HOOK)
                .where(HOOK.ID.eq(HOOK_UUID.HOOK_ID))
                .and(HOOK.REMOVED_AT.isNotNull()))
        .execute();
    transaction
        .insertInto(HOOK_UUID)
        .set(HOOK_UUID.FORGE_UUID, uuid.value())
        .set(HOOK_UUID.HOOK_ID, hookId)
        .set(HOOK_UUID.FIRST_SEEN_AT, seenAt)
        .set(HOOK_UUID.LAST_SEEN_AT, seenAt)
        .onConflictDoNothing()
        .execute();
    return transaction.fetchExists(
        HOOK_UUID, HOOK_UUID.FORGE_UUID.eq(uuid.value()).and(HOOK_UUID.HOOK_ID.eq(hookId)));
  }

  private static boolean isBoundElsewhere(DSLContext transaction, UUID hookId, HookUuid uuid) {
    return transaction.fetchExists(
        HOOK,
        HOOK.FORGE_UUID.eq(uuid.value()).and(HOOK.REMOVED_AT.isNull()).and(HOOK.ID.ne(hookId)));
  }

  private static @Nullable HookRecord locked(DSLContext transaction, UUID hookId) {
    return transaction.selectFrom(HOOK).where(Hooks.active(hookId)).forUpdate().fetchOne();
  }

  /** An instance of the release before writes what it binds into the hook's row alone. */
  private static Set<String> uuids(DSLContext transaction, HookRecord hook) {
    Set<String> all =
        transaction
            .select(HOOK_UUID.FORGE_UUID)
            .from(HOOK_UUID)
            .where(HOOK_UUID.HOOK_ID.eq(hook.getId()))
            .fetchSet(HOOK_UUID.FORGE_UUID);
    if (hook.getForgeUuid() != null) {
      all.add(hook.getForgeUuid());
    }
    return all;
  }
}
