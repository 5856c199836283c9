package sh.cinch.ingress.webhooks.hook;

import static sh.cinch.database.ingress.Tables.HOOK;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.DSLContext;
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
    return database.transaction(transaction -> rotate(transaction, hookId));
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
          HookRecord row =
              transaction.selectFrom(HOOK).where(active(hookId)).forUpdate().fetchOne();
          if (row != null && row.getPreviousSecret() != null) {
            Secret before = secrets.unsealPrevious(row.getPreviousSecret(), hookId);
            replace(row, before, secrets.unsealCurrent(row.getSecret(), hookId));
          }
        });
  }

  private Optional<Secret> rotate(DSLContext transaction, UUID hookId) {
    HookRecord row = transaction.selectFrom(HOOK).where(active(hookId)).forUpdate().fetchOne();
    if (row == null) {
      return Optional.empty();
    }
    Secret fresh = secrets.fresh();
    replace(row, fresh, secrets.unsealCurrent(row.getSecret(), hookId));
    return Optional.of(fresh);
  }

  private void replace(HookRecord row, Secret current, Secret previous) {
    row.setPreviousSecret(secrets.sealPrevious(previous, row.getId()));
    row.setPreviousUntil(clock.instant().plus(OVERLAP));
    row.setSecret(secrets.sealCurrent(current, row.getId()));
    row.update();
  }

  static Condition active(UUID hookId) {
    return HOOK.ID.eq(hookId).and(HOOK.REMOVED_AT.isNull());
  }
}
