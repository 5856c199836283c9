package sh.cinch.service.keyset;

import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jooq.Record;
import org.jooq.exception.DataAccessException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Vault;

/**
 * Compares a keyset with the database. Every key that something is encrypted with must be there,
 * and really be that key: of some ciphertexts that name it, one must open. A single one that does
 * not, because it was moved or damaged, says nothing about the key.
 */
public final class KeysetCheck<R extends Record> {

  /** Whether a keyset opens what is in the database. */
  sealed interface Fit {

    record Fits() implements Fit {}

    /** The database could not be asked. */
    record Unknown(String why) implements Fit {}

    /**
     * @param why which keys are needed, which are there, and what to do
     */
    record Misfit(String why) implements Fit {}
  }

  private static final Logger log = LoggerFactory.getLogger(KeysetCheck.class);
  private static final int SAMPLES = 20;

  private final EncryptedTable<R> table;
  private final Ciphertexts<R> ciphertexts;

  KeysetCheck(Database database, EncryptedTable<R> table) {
    this.table = table;
    this.ciphertexts = new Ciphertexts<>(database, table);
  }

  /**
   * Looks at the tables as the release before has left them, or at none: with the wrong keyset not
   * even they are to change. Throws a {@link ConfigurationException} where it does not fit.
   */
  public static <R extends Record> Consumer<Database> beforeMigrations(
      EncryptedTable<R> table, Vault given) {
    return database -> {
      KeysetCheck<R> check = new KeysetCheck<>(database, table.before(database.sql()));
      Vault vault = given.guardedBy(check::objection);
      boolean unused = vault.look();
      check.requireNoMisfit(vault);
    };
  }

  /** Why this keyset must not be used; empty where it fits. */
  Optional<String> objection(Vault vault) {
    return switch (fit(vault)) {
      case Fit.Fits() -> Optional.empty();
      case Fit.Unknown(String why) -> Optional.of(why);
      case Fit.Misfit(String why) -> Optional.of(why);
    };
  }

  /**
   * @throws ConfigurationException where the keyset is known not to fit
   */
  Fit requireNoMisfit(Vault vault) {
    Fit fit = fit(vault);
    if (fit instanceof Fit.Misfit(String why)) {
      throw new ConfigurationException(List.of(why));
    }
    return fit;
  }

  Fit fit(Vault vault) {
    try {
      NavigableSet<KeyId> needed = ciphertexts.keys();
      NavigableSet<KeyId> missing = new TreeSet<>(needed);
      missing.removeAll(vault.keys());
      if (!missing.isEmpty()) {
        return new Fit.Misfit(
            "CINCH_KEYSET does not fit the database. Its %s are encrypted with %s; the keyset has %s, so %s missing. Nothing was changed. Start with the keyset that this database was last used with; one that was rotated since must still have its old keys."
                .formatted(
                    table.secrets(),
                    named(needed),
                    named(vault.keys()),
                    missing.size() == 1 ? missing.first() + " is" : listed(missing) + " are"));
      }
      for (KeyId key : needed) {
        List<Sealed<R>> samples = ciphertexts.samples(key, SAMPLES);
        if (!samples.isEmpty() && samples.stream().noneMatch(sample -> opens(vault, sample))) {
          return new Fit.Misfit(
              "CINCH_KEYSET does not fit the database. It has a key %s, but that opens none of the %d secrets looked at that were encrypted with key %s (%s is one): it is another key with the same id, or they were moved or damaged. Nothing was changed. Start with the keyset that this database was last used with."
                  .formatted(key, samples.size(), key, samples.getFirst().row()));
        }
      }
      return new Fit.Fits();
    } catch (DataAccessException e) {
      log.debug("the keyset cannot be compared with the database", e);
      return new Fit.Unknown(
          "whether the keyset fits is not known yet: PostgreSQL does not answer, or its tables are"
              + " not there");
    }
  }

  private static boolean opens(Vault vault, Sealed<?> sample) {
    try {
      Object unused = sample.open(vault);
      return true;
    } catch (Vault.Unreadable e) {
      return false;
    }
  }

  private static String named(NavigableSet<KeyId> keys) {
    return (keys.size() == 1 ? "key " : "keys ") + listed(keys);
  }

  private static String listed(NavigableSet<KeyId> keys) {
    return keys.stream().map(KeyId::toString).collect(Collectors.joining(", "));
  }
}
