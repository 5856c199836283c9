package sh.cinch.service.secret;

import java.util.Optional;
import java.util.function.Function;

/** Where a vault has its keyset from. */
sealed interface Keyring permits Keyring.Given, KeysetFile {

  /** The one in force; never waits. */
  Keyset keyset();

  /**
   * Whether there is a newer one than a moment ago. May wait for others that look.
   *
   * @return whether it is in force now
   */
  boolean look();

  /** Why what lies there now was not taken. */
  Optional<String> refused();

  /** The same, taking no keyset that drops keys while there is an objection to it. */
  Keyring guardedBy(Function<Keyset, Optional<String>> objection);

  /** One from the environment: for ever the same. */
  record Given(Keyset keyset) implements Keyring {

    @Override
    public boolean look() {
      return false;
    }

    @Override
    public Optional<String> refused() {
      return Optional.empty();
    }

    @Override
    public Keyring guardedBy(Function<Keyset, Optional<String>> objection) {
      return this;
    }
  }
}
