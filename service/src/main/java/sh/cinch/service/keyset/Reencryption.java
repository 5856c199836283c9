package sh.cinch.service.keyset;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.Record;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Step;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Vault;

/**
 * Moves what is encrypted with an old key to the primary one, some rows a turn. How far it is lies
 * in the ciphertexts themselves, so it may be stopped anywhere, and several instances may do it at
 * once. What does not open is left as it is, and does not hold up the rest.
 */
public final class Reencryption<R extends Record> implements Step {

  /** The end of an attempt to move one ciphertext. */
  enum Turn {
    MOVED,
    /** Its row has changed since it was read: whatever lies there now is newer. */
    OVERTAKEN,
    UNREADABLE
  }

  private static final Logger log = LoggerFactory.getLogger(Reencryption.class);

  private final Ciphertexts<R> ciphertexts;
  private final Vault vault;
  private final int rowsATurn;
  private final Counter moved;

  private NavigableSet<KeyId> lasting;
  private Optional<UUID> after = Optional.empty();
  private long movedNow;
  private Set<CiphertextLocation> unreadableNow = new HashSet<>();
  private volatile Set<CiphertextLocation> unreadable = Set.of();

  public Reencryption(
      Database database,
      EncryptedTable<R> table,
      Vault vault,
      MeterRegistry metrics,
      int rowsATurn) {
    this.ciphertexts = new Ciphertexts<>(database, table);
    this.vault = vault;
    this.rowsATurn = rowsATurn;
    this.moved = metrics.counter("cinch.keyset.moved");
    this.lasting = vault.lasting();
  }

  /** One turn; never two at the same time. */
  @Override
  public boolean run() {
    if (!lasting.equals(vault.lasting())) {
      lasting = vault.lasting();
      unreadable = Set.of();
      begin();
    }
    List<Sealed<R>> batch = ciphertexts.notUnder(lasting, after, rowsATurn);
    if (batch.isEmpty()) {
      finish();
      return false;
    }
    batch.forEach(this::attend);
    after = Optional.of(batch.getLast().row());
    return true;
  }

  /** How many ciphertexts did not open when they were last looked at. */
  int unreadable() {
    return unreadable.size();
  }

  Turn move(Sealed<R> seen) {
    try {
      byte[] fresh = vault.seal(seen.open(vault), seen.location());
      return ciphertexts.replace(seen, fresh) ? Turn.MOVED : Turn.OVERTAKEN;
    } catch (Vault.Unreadable e) {
      if (!unreadable.contains(seen.location())) {
        log.error("left as it is, under an old key: {}", e.getMessage());
      }
      return Turn.UNREADABLE;
    }
  }

  private void attend(Sealed<R> seen) {
    switch (move(seen)) {
      case MOVED -> {
        movedNow++;
        moved.increment();
      }
      case OVERTAKEN -> {}
      case UNREADABLE -> unreadableNow.add(seen.location());
    }
  }

  private void begin() {
    after = Optional.empty();
    movedNow = 0;
    unreadableNow = new HashSet<>();
  }

  private void finish() {
    if (movedNow > 0) {
      log.info("{} secrets moved to the key {}", movedNow, vault.primary());
    }
    unreadable = Set.copyOf(unreadableNow);
    begin();
  }
}
