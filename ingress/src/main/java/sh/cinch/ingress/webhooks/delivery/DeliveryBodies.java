package sh.cinch.ingress.webhooks.delivery;

import static sh.cinch.database.ingress.Tables.DELIVERY_BODY;
import static sh.cinch.database.ingress.Tables.DELIVERY_BODY_KEY;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import net.jpountz.lz4.LZ4Exception;
import net.jpountz.lz4.LZ4Factory;
import sh.cinch.database.ingress.tables.records.DeliveryBodyRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.RowBatch;
import sh.cinch.service.keyset.EncryptedTable;
import sh.cinch.service.retention.Retention;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Vault;

/** The bodies of deliveries: compressed, encrypted, each opening in its own row alone. Blocks. */
public final class DeliveryBodies {

  /** What this service's keyset encrypts of them. */
  public static final EncryptedTable<?> ENCRYPTED = BodyKeys.TABLE;

  /** Takes a fifth of the time of a Deflater, which was the dearest part of a delivery. */
  private static final LZ4Factory LZ4 = LZ4Factory.fastestInstance();

  private final Database database;
  private final BodyKeys keys;

  /**
   * A body to be written.
   *
   * @param bytes as they came
   */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Kept(UUID delivery, Instant receivedAt, byte[] bytes) {}

  public DeliveryBodies(Database database, Vault vault) {
    this.database = database;
    this.keys = new BodyKeys(database, vault);
  }

  /** How many bytes a delivery's body has; empty where it is not kept. */
  public Optional<Integer> size(UUID delivery) {
    return database
        .sql()
        .select(DELIVERY_BODY.BYTES)
        .from(DELIVERY_BODY)
        .where(DELIVERY_BODY.DELIVERY_ID.eq(delivery))
        .fetchOptional(DELIVERY_BODY.BYTES);
  }

  /**
   * As it came; empty where it is not kept.
   *
   * @throws Vault.Unreadable where it was moved here from another row, or damaged
   */
  public Optional<byte[]> find(UUID delivery) {
    return database
        .sql()
        .selectFrom(DELIVERY_BODY)
        .where(DELIVERY_BODY.DELIVERY_ID.eq(delivery))
        .fetchOptional()
        .flatMap(row -> keys.find(row.getKeyId()).map(key -> opened(row, key)));
  }

  /** Writing some of them again changes nothing. */
  void write(List<Kept> bodies, Instant now) {
    BodyKeys.Key key = keys.of(now);
    RowBatch.insert(
        database.sql(),
        bodies.stream().map(body -> sealed(body, key)).toList(),
        insert -> insert.onConflictDoNothing());
  }

  private static DeliveryBodyRecord sealed(Kept body, BodyKeys.Key key) {
    DeliveryBodyRecord row = new DeliveryBodyRecord();
    row.setDeliveryId(body.delivery());
    row.setKeyId(key.id());
    row.setBytes(body.bytes().length);
    row.setBody(
        key.vault()
            .sealBytes(LZ4.fastCompressor().compress(body.bytes()), location(body.delivery())));
    row.setReceivedAt(body.receivedAt());
    return row;
  }

  private static byte[] opened(DeliveryBodyRecord row, BodyKeys.Key key) {
    return expanded(
        key.vault().unsealBytes(row.getBody(), location(row.getDeliveryId())), row.getBytes());
  }

  private static CiphertextLocation location(UUID delivery) {
    return new CiphertextLocation(
        "ingress.delivery_body", delivery.toString(), DELIVERY_BODY.BODY.getName());
  }

  private static byte[] expanded(byte[] compressed, int length) {
    try {
      byte[] bytes = new byte[length];
      int there = LZ4.safeDecompressor().decompress(compressed, bytes);
      if (there != length) {
        throw new IllegalStateException("a body is not as long as its row says");
      }
      return bytes;
    } catch (LZ4Exception e) {
      throw new IllegalStateException("a body is not as it was written", e);
    }
  }

  /** Those that are too old to be kept. */
  public static Retention.Batch old() {
    return Retention.of(DELIVERY_BODY, DELIVERY_BODY.RECEIVED_AT);
  }

  /** The keys of days; what is still encrypted with one that goes is gone as well. */
  public static Retention.Batch oldKeys() {
    return Retention.of(DELIVERY_BODY_KEY, DELIVERY_BODY_KEY.DAY);
  }
}
