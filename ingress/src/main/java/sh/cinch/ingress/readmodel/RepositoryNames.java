package sh.cinch.ingress.readmodel;

import static java.util.Locale.ROOT;
import static org.jooq.impl.DSL.lower;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import sh.cinch.schema.event.RepositoryRef;

/** Which repository a runner means. */
final class RepositoryNames {

  private RepositoryNames() {}

  /** Of two that have had one name, the one connected last. Empty where Cinch knows none. */
  static Optional<UUID> resolve(DSLContext sql, RepositoryRef named) {
    if (named.id() != null) {
      return Optional.of(named.id());
    }
    return sql.select(REPOSITORY.ID)
        .from(REPOSITORY)
        .where(REPOSITORY.FORGE.eq(named.forge()))
        .and(lower(REPOSITORY.FULL_NAME).eq(String.valueOf(named.fullName()).toLowerCase(ROOT)))
        .orderBy(REPOSITORY.SINCE.desc())
        .limit(1)
        .fetchOptional(REPOSITORY.ID);
  }
}
