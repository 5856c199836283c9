package sh.cinch.ingress.connecting.credential;

import static org.jooq.impl.DSL.selectOne;
import static sh.cinch.database.ingress.Tables.CREDENTIAL;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.SESSION;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.database.ingress.tables.records.CredentialRecord;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.database.Database;
import sh.cinch.service.token.CredentialHealth;

/** What the token-service has told of credentials on its topic. Blocks: never on an event loop. */
public final class CredentialStates {

  private final Database database;

  public CredentialStates(Database database) {
    this.database = database;
  }

  /** Empty where nothing was told of it yet. */
  public Optional<CredentialHealth> find(UUID id) {
    return Optional.ofNullable(find(List.of(id)).get(id));
  }

  /** Those of which something was told, by id. */
  public Map<UUID, CredentialHealth> find(Collection<UUID> ids) {
    return database
        .sql()
        .selectFrom(CREDENTIAL)
        .where(CREDENTIAL.ID.in(ids))
        .fetchMap(CREDENTIAL.ID, CredentialStates::health);
  }

  /** Stored since before then, without a repository or anybody signed in. */
  public List<UUID> idle(Instant before, int limit) {
    return database
        .sql()
        .select(CREDENTIAL.ID)
        .from(CREDENTIAL)
        .where(CREDENTIAL.STATE.ne(State.REVOKED.word()))
        .and(CREDENTIAL.AT.lt(before))
        .andNotExists(
            selectOne().from(REPOSITORY).where(REPOSITORY.CREDENTIAL_ID.eq(CREDENTIAL.ID)))
        .andNotExists(selectOne().from(SESSION).where(SESSION.CREDENTIAL_ID.eq(CREDENTIAL.ID)))
        .orderBy(CREDENTIAL.AT)
        .limit(limit)
        .fetch(CREDENTIAL.ID);
  }

  /** It is erased: should nobody say so on the topic, nothing is waited for. */
  public void forget(UUID credential) {
    database
        .sql()
        .deleteFrom(CREDENTIAL)
        .where(CREDENTIAL.ID.eq(credential))
        .and(CREDENTIAL.STATE.ne(State.REVOKED.word()))
        .execute();
  }

  private static CredentialHealth health(CredentialRecord row) {
    return new CredentialHealth(
        State.of(row.getState()),
        Optional.ofNullable(row.getReason()),
        Optional.ofNullable(row.getExpiresAt()));
  }
}
