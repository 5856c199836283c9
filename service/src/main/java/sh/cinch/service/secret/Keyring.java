package sh.cinch.service.secret;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keyset in force: for ever the same, or one in a file, which somebody may replace while we
 * run. One that has all the keys of the one in force is taken at once; one that drops some, only
 * without an objection. Whatever is refused, the keyset in force stays.
 */
final class Keyring {

  private static final Logger log = LoggerFactory.getLogger(Keyring.class);

  private final @Nullable Path file;
  private final Function<Keyset, Optional<String>> objection;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Taken taken;
  private volatile @Nullable String refused;

  private record Taken(Secret text, Keyset keyset) {}

  private Keyring(@Nullable Path file, Taken taken, Function<Keyset, Optional<String>> objection) {
    this.file = file;
    this.taken = taken;
    this.objection = objection;
  }

  static Keyring given(Keyset keyset) {
    return new Keyring(null, new Taken(keyset.text(), keyset), Keyring::nobodyKnows);
  }

  /**
   * @throws IllegalArgumentException where it cannot be read or holds no keyset
   */
  static Keyring open(Path file) {
    try {
      Secret text = read(file);
      return new Keyring(file, new Taken(text, Keyset.parse(text)), Keyring::nobodyKnows);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the file " + file);
    }
  }

  /** The same, taking no keyset that drops keys while there is an objection to it. */
  Keyring guardedBy(Function<Keyset, Optional<String>> other) {
    return new Keyring(file, taken, other);
  }

  /** The one in force; never waits. */
  Keyset keyset() {
    return taken.keyset();
  }

  /** Why what lies in the file now was not taken. */
  Optional<String> refused() {
    return Optional.ofNullable(refused);
  }

  /**
   * Looks whether there is a newer one than a moment ago. May wait for others that look.
   *
   * @return whether it is in force now
   */
  boolean look() {
    if (file == null) {
      return false;
    }
    looking.lock();
    try {
      return take(file);
    } finally {
      looking.unlock();
    }
  }

  private boolean take(Path path) {
    try {
      Secret found = read(path);
      if (found.matches(taken.text())) {
        refused = null;
        return false;
      }
      Keyset candidate = Keyset.parse(found);
      Optional<String> why =
          candidate.includes(taken.keyset()) ? Optional.empty() : objection.apply(candidate);
      if (why.isPresent()) {
        refuse(why.get());
        return false;
      }
      taken = new Taken(found, candidate);
      refused = null;
      log.info(
          "keyset file={} taken: it encrypts with {} and opens {}",
          path,
          candidate.primary(),
          candidate.keys());
      return true;
    } catch (IOException e) {
      refuse("it cannot be read");
    } catch (IllegalArgumentException e) {
      refuse(String.valueOf(e.getMessage()));
    }
    return false;
  }

  private void refuse(String why) {
    if (!why.equals(refused)) {
      log.error("keyset file={} refused, the keyset in force stays: {}", file, why);
    }
    refused = why;
  }

  private static Secret read(Path path) throws IOException {
    return Secret.of(Files.readString(path).strip());
  }

  private static Optional<String> nobodyKnows(Keyset candidate) {
    return Optional.of(
        "it lacks a key of the one in force, and nothing here can tell whether that key is still"
            + " needed: restart to take it as it is");
  }
}
