package sh.cinch.service.keyset;

import java.util.Collection;
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
public final class KeysetCheck {

  /**
   * Whether a keyset opens what is in the database.
   *
   * @param why not: which keys are needed, which are there, and what to do; or that the database
   *     could not be asked
   */
  record Fit(Answer answer, String why) {

    enum Answer {
      FITS,
      UNKNOWN,
      MISFIT
    }

    static final Fit FITS = new Fit(Answer.FITS, "");
  }

  private static final Logger log = LoggerFactory.getLogger(KeysetCheck.class);
  private static final int SAMPLES = 20;

  private final List<Ciphertexts<?>> tables;

  KeysetCheck(Database database, Collection<? extends EncryptedTable<?>> tables) {
    this.tables = tables.stream().<Ciphertexts<?>>map(table -> of(database, table)).toList();
  }

  private static <R extends Record> Ciphertexts<R> of(Database database, EncryptedTable<R> table) {
    return new Ciphertexts<>(database, table);
  }

  /**
   * Looks at the tables as the release before has left them, or at none: with the wrong keyset not
   * even they are to change. Throws a {@link ConfigurationException} where it does not fit.
   */
  public static Consumer<Database> beforeMigrations(
      Collection<? extends EncryptedTable<?>> tables, Vault given) {
    return database -> {
      KeysetCheck check =
          new KeysetCheck(
              database, tables.stream().map(table -> table.before(database.sql())).toList());
      Vault vault = given.guardedBy(check::objection);
      boolean unused = vault.look();
      check.requireNoMisfit(vault);
    };
  }

  /** Why this keyset must not be used; empty where it fits. */
  Optional<String> objection(Vault vault) {
    return Optional.of(fit(vault)).filter(fit -> fit.answer() != Fit.Answer.FITS).map(Fit::why);
  }

  /**
   * @throws ConfigurationException where the keyset is known not to fit
   */
  Fit requireNoMisfit(Vault vault) {
    Fit fit = fit(vault);
    if (fit.answer() == Fit.Answer.MISFIT) {
      throw new ConfigurationException(List.of(fit.why()));
    }
    return fit;
  }

  /** Of the first table that it does not fit, if there is one. */
  Fit fit(Vault vault) {
    for (Ciphertexts<?> table : tables) {
      Fit fit = fit(table, vault);
      if (fit.answer() != Fit.Answer.FITS) {
        return fit;
      }
    }
    return Fit.FITS;
  }

  private static <R extends Record> Fit fit(Ciphertexts<R> ciphertexts, Vault vault) {
    EncryptedTable<R> table = ciphertexts.table();
    try {
      NavigableSet<KeyId> needed = ciphertexts.keys();
      NavigableSet<KeyId> missing = new TreeSet<>(needed);
      missing.removeAll(vault.keys());
      if (!missing.isEmpty()) {
        return new Fit(
            Fit.Answer.MISFIT,
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
          return new Fit(
              Fit.Answer.MISFIT,
              "CINCH_KEYSET does not fit the database. It has a key %s, but that opens none of the %d secrets looked at that were encrypted with key %s (%s is one): it is another key with the same id, or they were moved or damaged. Nothing was changed. Start with the keyset that this database was last used with."
                  .formatted(key, samples.size(), key, samples.getFirst().row()));
        }
      }
      return Fit.FITS;
    } catch (DataAccessException e) {
      log.debug("the keyset cannot be compared with the database", e);
      return new Fit(
          Fit.Answer.UNKNOWN,
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
