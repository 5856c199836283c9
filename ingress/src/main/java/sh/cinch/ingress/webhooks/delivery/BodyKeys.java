package sh.cinch.ingress.webhooks.delivery;

import static sh.cinch.database.ingress.Tables.DELIVERY_BODY_KEY;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.DeliveryBodyKeyRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.keyset.EncryptedTable;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/**
 * The keys that bodies are encrypted with: each instance has one of its own for a day (UTC), itself
 * encrypted with the ingress' keyset. So a change of that moves a few keys, and the start looks at
 * a few rows, however many bodies there are. Docs: decisions/0041.
 */
public final class BodyKeys {

  static final EncryptedTable<DeliveryBodyKeyRecord> TABLE =
      new EncryptedTable<>(
          "keys of deliveries' bodies",
          "ingress.delivery_body_key",
          DELIVERY_BODY_KEY.ID,
          Optional.empty(),
          List.of(DELIVERY_BODY_KEY.SECRET));

  /**
   * A day's.
   *
   * @param vault seals and opens with it
   */
  public record Key(UUID id, Instant day, Vault vault) {}

  private final Database database;
  private final Vault vault;
  private @Nullable Key current;

  public BodyKeys(Database database, Vault vault) {
    this.database = database;
    this.vault = vault;
  }

  /** The day's. */
  public synchronized Key of(Instant now) {
    Instant day = now.truncatedTo(ChronoUnit.DAYS);
    Key known = current;
    if (known != null && known.day().equals(day)) {
      return known;
    }
    UUID id = UUID.randomUUID();
    Secret fresh = Vault.newKeyset();
    database
        .sql()
        .insertInto(DELIVERY_BODY_KEY)
        .set(DELIVERY_BODY_KEY.ID, id)
        .set(
            DELIVERY_BODY_KEY.SECRET,
            vault.seal(fresh, TABLE.location(id, DELIVERY_BODY_KEY.SECRET)))
        .set(DELIVERY_BODY_KEY.DAY, day)
        .execute();
    Key key = new Key(id, day, Vault.open(fresh));
    current = key;
    return key;
  }

  /** Empty where it is too old to be kept, and all that is encrypted with it is gone. */
  public Optional<Key> find(UUID id) {
    return database
        .sql()
        .selectFrom(DELIVERY_BODY_KEY)
        .where(DELIVERY_BODY_KEY.ID.eq(id))
        .fetchOptional()
        .map(this::opened);
  }

  private Key opened(DeliveryBodyKeyRecord row) {
    return new Key(
        row.getId(),
        row.getDay(),
        Vault.open(
            vault.unseal(row.getSecret(), TABLE.location(row.getId(), DELIVERY_BODY_KEY.SECRET))));
  }
}
