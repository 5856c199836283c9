package sh.cinch.ingress.webhooks.hook;

import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;
import static sh.cinch.database.ingress.Tables.HOOK_UUID;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.Select;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.database.ingress.tables.records.HookRecord;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** Reads hooks together with their repository and keys. */
final class HookRows {

  private static final Logger log = LoggerFactory.getLogger(HookRows.class);
  private static final String ALGORITHM = "HmacSHA256";

  private static final Field<String[]> UUIDS =
      DSL.array(
          DSL.select(HOOK_UUID.FORGE_UUID).from(HOOK_UUID).where(HOOK_UUID.HOOK_ID.eq(HOOK.ID)));

  private static final Field<String> TROUBLE =
      DSL.field(
              DSL.select(HOOK_UPKEEP.TROUBLE)
                  .from(HOOK_UPKEEP)
                  .where(HOOK_UPKEEP.HOOK_ID.eq(HOOK.ID)))
          .as("trouble");

  private final Database database;
  private final HookSecrets secrets;

  HookRows(Database database, Vault vault) {
    this.database = database;
    this.secrets = new HookSecrets(vault);
  }

  Optional<KnownHook> find(HookName name) {
    // One alone, but where the release before has bound what another hook had been given.
    return select(which(name))
        .orderBy(HOOK.LAST_DELIVERY_AT.desc().nullsLast())
        .limit(1)
        .fetchOptional()
        .map(this::known);
  }

  /** Those of them that are there and can be read. */
  List<KnownHook> find(Set<UUID> ids) {
    return select(HOOK.ID.eq(DSL.any(ids.toArray(UUID[]::new)))).fetch().stream()
        .flatMap(row -> readable(row).stream())
        .toList();
  }

  /** Those that were delivered through last, so that the busiest are among them. */
  List<KnownHook> newest(int limit) {
    return select(HOOK.REMOVED_AT.isNull())
        .orderBy(HOOK.LAST_DELIVERY_AT.desc().nullsLast())
        .limit(limit)
        .fetch()
        .stream()
        .flatMap(row -> readable(row).stream())
        .toList();
  }

  private static Condition which(HookName name) {
    return switch (name) {
      case HookName.ById(var id) -> HOOK.ID.eq(id);
      case HookName.ByForgeUuid(var uuid) -> HOOK.ID.in(called(uuid));
    };
  }

  /** Each half by its index. */
  private static Select<Record1<UUID>> called(HookUuid uuid) {
    var bound = HOOK.as("bound");
    return DSL.select(bound.ID)
        .from(bound)
        .where(bound.FORGE_UUID.eq(uuid.value()))
        .and(bound.REMOVED_AT.isNull())
        .unionAll(
            DSL.select(HOOK_UUID.HOOK_ID)
                .from(HOOK_UUID)
                .where(HOOK_UUID.FORGE_UUID.eq(uuid.value())));
  }

  private SelectConditionStep<Record> select(Condition which) {
    return database
        .sql()
        .select(HOOK.fields())
        .select(REPOSITORY.fields())
        .select(UUIDS)
        .from(HOOK)
        .join(REPOSITORY)
        .on(REPOSITORY.ID.eq(HOOK.REPOSITORY_ID))
        .where(HOOK.REMOVED_AT.isNull())
        .and(which);
  }

  /** One row that another keyset sealed must not hide all the others. */
  private Optional<KnownHook> readable(Record row) {
    try {
      return Optional.of(known(row));
    } catch (Vault.Unreadable e) {
      log.error("hook={} unreadable: {}", row.get(HOOK.ID), e.getMessage());
      return Optional.empty();
    }
  }

  private KnownHook known(Record row) {
    HookRecord hook = row.into(HOOK);
    RepositoryRecord repository = row.into(REPOSITORY);
    return new KnownHook(
        hook(row),
        new HookedRepository(
            repository.getId(),
            repository.getForge(),
            repository.getForgeUuid(),
            repository.getFullName()),
        key(secrets.unsealCurrent(hook.getSecret(), hook.getId())),
        previous(hook));
  }

  private Optional<KnownHook.Previous> previous(HookRecord hook) {
    return hook.getPreviousSecret() == null || hook.getPreviousUntil() == null
        ? Optional.empty()
        : Optional.of(
            new KnownHook.Previous(
                key(secrets.unsealPrevious(hook.getPreviousSecret(), hook.getId())),
                hook.getPreviousUntil()));
  }

  /** The hooks themselves, as a transaction sees them. */
  static Optional<Hook> find(DSLContext sql, Condition which) {
    return sql.select(HOOK.fields())
        .select(UUIDS)
        .select(TROUBLE)
        .from(HOOK)
        .where(HOOK.REMOVED_AT.isNull())
        .and(which)
        .fetchOptional()
        .map(HookRows::hook);
  }

  /** An instance of the release before writes what it binds into the hook's row alone. */
  private static Hook hook(Record row) {
    HookRecord hook = row.into(HOOK);
    Optional<HookUuid> first = HookUuid.parse(hook.getForgeUuid());
    Set<HookUuid> all =
        Stream.concat(
                first.stream(),
                Arrays.stream(row.get(UUIDS)).flatMap(uuid -> HookUuid.parse(uuid).stream()))
            .collect(Collectors.toSet());
    return new Hook(
        hook.getId(),
        hook.getRepositoryId(),
        first,
        all,
        hook.getManaged(),
        hook.getAllowUnsigned(),
        Optional.ofNullable(hook.getLastDeliveryAt()),
        Optional.ofNullable(row.field(TROUBLE)).map(row::get).map(HookTrouble::of));
  }

  private static SecretKey key(Secret secret) {
    return new SecretKeySpec(secret.reveal().getBytes(StandardCharsets.UTF_8), ALGORITHM);
  }
}
