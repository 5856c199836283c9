package sh.cinch.ingress.web.api;

import static sh.cinch.database.ingress.Tables.API_TOKEN;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.ApiTokenRecord;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.ingress.pushes.Pushes;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.service.database.Database;

/** API tokens: shown once, stored as hashes. Blocks: never on an event loop. */
record ApiTokens(Database database, InstantSource clock) {

  private static final PagedList LIST = new PagedList("tokens", API_TOKEN.CREATED_AT, API_TOKEN.ID);

  private static final String PREFIX = "cinch_";
  private static final int SHOWN = PREFIX.length() + 6;

  /** Not every request of a busy runner need write. */
  private static final Duration USE_NOTED = Duration.ofMinutes(1);

  /**
   * A token that was just made.
   *
   * @param secret what is shown this once
   */
  record Made(ApiToken token, RandomToken secret) {}

  Made make(ApiToken.Kind kind, Set<UUID> repositories, String name) {
    RandomToken secret = RandomToken.withPrefix(PREFIX);
    ApiTokenRecord row =
        database
            .sql()
            .insertInto(API_TOKEN)
            .set(API_TOKEN.ID, UUID.randomUUID())
            .set(API_TOKEN.PREFIX, secret.text().substring(0, SHOWN))
            .set(API_TOKEN.TOKEN_HASH, secret.hash())
            .set(API_TOKEN.KIND, kind.word())
            .set(API_TOKEN.REPOSITORIES, repositories.toArray(new UUID[0]))
            .set(API_TOKEN.NAME, name)
            .set(API_TOKEN.CREATED_AT, clock.instant())
            .returning()
            .fetchSingle();
    return new Made(token(row), secret);
  }

  Optional<Caller> holder(RandomToken shown) {
    return database
        .sql()
        .selectFrom(API_TOKEN)
        .where(API_TOKEN.TOKEN_HASH.eq(shown.hash()))
        .and(API_TOKEN.REVOKED_AT.isNull())
        .fetchOptional()
        .map(
            row -> {
              noteUse(row);
              return switch (ApiToken.Kind.of(row.getKind())) {
                case OPERATOR -> new Caller.Operator();
                case RUNNER -> new Caller.Runner(Set.of(row.getRepositories()));
              };
            });
  }

  /** Those that were not revoked, the newest first. */
  Page<ApiToken> page(PageRequest request) {
    return LIST.page(
            database,
            sql -> sql.selectFrom(API_TOKEN).where(API_TOKEN.REVOKED_AT.isNull()),
            request)
        .map(ApiTokens::token);
  }

  /** False where there is none (any more). */
  boolean revoke(UUID id) {
    return database.transaction(
        transaction -> {
          Optional<byte[]> revoked =
              transaction
                  .update(API_TOKEN)
                  .set(API_TOKEN.REVOKED_AT, clock.instant())
                  .where(API_TOKEN.ID.eq(id))
                  .and(API_TOKEN.REVOKED_AT.isNull())
                  .returning(API_TOKEN.TOKEN_HASH)
                  .fetchOptional(API_TOKEN.TOKEN_HASH);
          revoked.ifPresent(hash -> Pushes.forgetConsumers(transaction, hash));
          return revoked.isPresent();
        });
  }

  private void noteUse(ApiTokenRecord row) {
    Instant now = clock.instant();
    if (row.getLastUsedAt() == null || row.getLastUsedAt().isBefore(now.minus(USE_NOTED))) {
      database
          .sql()
          .update(API_TOKEN)
          .set(API_TOKEN.LAST_USED_AT, now)
          .where(API_TOKEN.ID.eq(row.getId()))
          .execute();
    }
  }

  private static ApiToken token(ApiTokenRecord row) {
    return new ApiToken(
        row.getId(),
        row.getPrefix(),
        ApiToken.Kind.of(row.getKind()),
        Arrays.asList(row.getRepositories()),
        row.getName(),
        row.getCreatedAt(),
        Optional.ofNullable(row.getLastUsedAt()));
  }
}
