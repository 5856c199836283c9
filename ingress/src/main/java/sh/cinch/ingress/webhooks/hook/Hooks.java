package sh.cinch.ingress.webhooks.hook;

import static sh.cinch.database.ingress.Tables.HOOK;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.database.ingress.tables.records.HookRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.keyset.EncryptedTable;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/**
 * The rows of hooks. A removed one keeps its row, so that its deliveries can still be looked at,
 * and is found no more. Blocks: never on an event loop.
 */
public final class Hooks {

  /** How long a replaced secret stays valid: nobody knows when the forge takes up the new one. */
  private static final Duration OVERLAP = Duration.ofHours(1);

  /** For ever, until the forge is known to sign with the new one. */
  private static final Duration UNTIL_TOLD = Duration.ofDays(36_500);

  /** What this service's keyset encrypts. */
  public static final EncryptedTable<HookRecord> ENCRYPTED = HookSecrets.TABLE;

  private final Database database;
  private final HookSecrets secrets;
  private final HookUuids uuids;
  private final HookRows rows;
  private final InstantSource clock;

  public Hooks(Database database, Vault vault, InstantSource clock) {
    this.database = database;
    this.secrets = new HookSecrets(vault);
    this.uuids = new HookUuids(database);
    this.rows = new HookRows(database, vault);
    this.clock = clock;
  }

  /** To be called before the forge is told its URL. Empty where the repository has one already. */
  public Optional<NewHook> create(UUID repositoryId, boolean managed, boolean allowUnsigned) {
    NewHook hook = new NewHook(UUID.randomUUID(), secrets.fresh());
    int inserted =
        database
            .sql()
            .insertInto(HOOK)
            .set(HOOK.ID, hook.id())
            .set(HOOK.REPOSITORY_ID, repositoryId)
            .set(HOOK.MANAGED, managed)
            .set(HOOK.ALLOW_UNSIGNED, allowUnsigned)
            .set(HOOK.SECRET, secrets.sealCurrent(hook.secret(), hook.id()))
            .onConflictDoNothing()
            .execute();
    return inserted == 1 ? Optional.of(hook) : Optional.empty();
  }

  /**
   * Says which hook of the forge this is, the one to be mended and removed there; saying the same
   * again changes nothing.
   *
   * @return false where it is another one, or this UUID is another hook's, or the hook is removed
   */
  public boolean bind(UUID hookId, HookUuid forgeUuid) {
    return uuids.bind(hookId, forgeUuid);
  }

  /**
   * Cinch has made it again on the forge, or has found it made again: this is the one to be mended
   * and removed there from now on. Those before stay valid.
   *
   * @return false where this UUID is another hook's, or the hook is removed
   */
  public boolean remade(UUID hookId, HookUuid forgeUuid) {
    return uuids.remade(hookId, forgeUuid);
  }

  /** A genuine delivery has come under a UUID that the hook does not have, as far as is known. */
  public UuidAddition add(UUID hookId, HookUuid uuid, Instant seenAt) {
    return uuids.add(hookId, uuid, seenAt);
  }

  /** Its UUIDs, the newest first. */
  public List<SeenUuid> uuids(Hook hook) {
    return uuids.of(hook);
  }

  /**
   * Forgets a UUID, which makes room for another. It comes back with its next genuine delivery: a
   * hook that is still there loses no push.
   */
  public UuidRemoval removeUuid(UUID hookId, HookUuid uuid) {
    return uuids.remove(hookId, uuid);
  }

  public Optional<Hook> find(UUID hookId) {
    return HookRows.find(database.sql(), HOOK.ID.eq(hookId));
  }

  /** The ids of all hooks that a repository has had, removed ones too. */
  public Set<UUID> everOf(UUID repositoryId) {
    return database
        .sql()
        .select(HOOK.ID)
        .from(HOOK)
        .where(HOOK.REPOSITORY_ID.eq(repositoryId))
        .fetchSet(HOOK.ID);
  }

  /** With all that a delivery through it is held against. */
  public Optional<KnownHook> known(UUID hookId) {
    return rows.find(new HookName.ById(hookId));
  }

  public Optional<Hook> ofRepository(UUID repositoryId) {
    return ofRepository(database.sql(), repositoryId);
  }

  /** As this transaction sees it. */
  public static Optional<Hook> ofRepository(DSLContext transaction, UUID repositoryId) {
    return HookRows.find(transaction, HOOK.REPOSITORY_ID.eq(repositoryId));
  }

  /** False where it was removed before, or never was. */
  public boolean remove(UUID hookId) {
    return database
            .sql()
            .update(HOOK)
            .set(HOOK.REMOVED_AT, clock.instant())
            .where(active(hookId))
            .execute()
        == 1;
  }

  /** Whether its deliveries are believed without a signature from now on. */
  public void allowUnsigned(UUID hookId, boolean allowed) {
    database
        .sql()
        .update(HOOK)
        .set(HOOK.ALLOW_UNSIGNED, allowed)
        .where(active(hookId))
        .and(HOOK.ALLOW_UNSIGNED.ne(allowed))
        .execute();
  }

  /** A new secret; the one before stays valid for an hour. Empty where there is no such hook. */
  public Optional<Secret> rotateSecret(UUID hookId) {
    return database.transaction(transaction -> rotate(transaction, hookId, OVERLAP));
  }

  /**
   * The secret that the forge is to sign with from now on: a new one, and the one before stays
   * valid until {@link #told} says that the forge has it; where that is owed for one already, that
   * one. Empty where there is no such hook.
   */
  public Optional<SecretToTell> secretToTell(UUID hookId) {
    return database.transaction(
        transaction -> {
          HookRecord row = locked(transaction, hookId);
          return row != null && isOwed(row)
              ? Optional.of(new SecretToTell(secrets.unsealCurrent(row.getSecret(), hookId), false))
              : rotate(transaction, hookId, UNTIL_TOLD).map(fresh -> new SecretToTell(fresh, true));
        });
  }

  /** Whether the forge may sign with the secret before still, and is to be told the present one. */
  public boolean isSecretOwed(UUID hookId) {
    return database
        .sql()
        .selectFrom(HOOK)
        .where(active(hookId))
        .fetchOptional()
        .filter(this::isOwed)
        .isPresent();
  }

  private boolean isOwed(HookRecord row) {
    return row.getPreviousUntil() != null
        && row.getPreviousUntil().isAfter(clock.instant().plus(OVERLAP.multipliedBy(2)));
  }

  /**
   * The forge has confirmed this secret: the one before ends in an hour. Where another has taken
   * its place meanwhile, nobody knows which of the two came last, and the other is owed.
   *
   * @return false where that is so
   */
  public boolean told(UUID hookId, Secret secret) {
    return database.transaction(
        transaction -> {
          HookRecord row = locked(transaction, hookId);
          if (row == null || row.getPreviousSecret() == null) {
            return true;
          }
          boolean isCurrent = secrets.unsealCurrent(row.getSecret(), hookId).matches(secret);
          if (!isCurrent || isOwed(row)) {
            row.setPreviousUntil(clock.instant().plus(isCurrent ? OVERLAP : UNTIL_TOLD));
            row.update();
          }
          return isCurrent;
        });
  }

  /** What the forge is to sign with, to tell it again. Empty where there is no such hook. */
  public Optional<Secret> secret(UUID hookId) {
    return database
        .sql()
        .selectFrom(HOOK)
        .where(active(hookId))
        .fetchOptional()
        .map(row -> secrets.unsealCurrent(row.getSecret(), hookId));
  }

  /**
   * Undoes a rotation of which the forge may know nothing: the secret before is current again, and
   * the new one valid for an hour, in case the forge took it up all the same.
   */
  public void restoreSecret(UUID hookId) {
    database.write(
        transaction -> {
          HookRecord row = locked(transaction, hookId);
          if (row != null && row.getPreviousSecret() != null) {
            Secret before = secrets.unsealPrevious(row.getPreviousSecret(), hookId);
            replace(row, before, secrets.unsealCurrent(row.getSecret(), hookId), OVERLAP);
          }
        });
  }

  private Optional<Secret> rotate(DSLContext transaction, UUID hookId, Duration overlap) {
    HookRecord row = locked(transaction, hookId);
    if (row == null) {
      return Optional.empty();
    }
    Secret fresh = secrets.fresh();
    replace(row, fresh, secrets.unsealCurrent(row.getSecret(), hookId), overlap);
    return Optional.of(fresh);
  }

  private static @Nullable HookRecord locked(DSLContext transaction, UUID hookId) {
    return transaction.selectFrom(HOOK).where(active(hookId)).forUpdate().fetchOne();
  }

  private void replace(HookRecord row, Secret current, Secret previous, Duration overlap) {
    row.setPreviousSecret(secrets.sealPrevious(previous, row.getId()));
    row.setPreviousUntil(clock.instant().plus(overlap));
    row.setSecret(secrets.sealCurrent(current, row.getId()));
    row.update();
  }

  static Condition active(UUID hookId) {
    return HOOK.ID.eq(hookId).and(HOOK.REMOVED_AT.isNull());
  }
}
