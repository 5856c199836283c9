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
 * A keyset in a file, which somebody may replace while we run. One that has all the keys of the one
 * in force is taken at once; one that drops some, only without an objection. Whatever is refused,
 * the keyset in force stays.
 */
final class KeysetFile implements Keyring {

  private static final Logger log = LoggerFactory.getLogger(KeysetFile.class);

  private final Path path;
  private final Function<Keyset, Optional<String>> objection;
  private final ReentrantLock looking = new ReentrantLock();
  private volatile Taken taken;
  private volatile @Nullable String refused;

  private record Taken(Secret text, Keyset keyset) {}

  private KeysetFile(Path path, Taken taken, Function<Keyset, Optional<String>> objection) {
    this.path = path;
    this.taken = taken;
    this.objection = objection;
  }

  /**
   * @throws IllegalArgumentException where it cannot be read or holds no keyset
   */
  static KeysetFile open(Path path) {
    try {
      Secret text = read(path);
      return new KeysetFile(path, new Taken(text, Keyset.parse(text)), KeysetFile::nobodyKnows);
    } catch (IOException e) {
      throw new IllegalArgumentException("cannot read the file " + path);
    }
  }

  @Override
  public Keyset keyset() {
    return taken.keyset();
  }

  @Override
  public Optional<String> refused() {
    return Optional.ofNullable(refused);
  }

  @Override
  public Keyring guardedBy(Function<Keyset, Optional<String>> other) {
    return new KeysetFile(path, taken, other);
  }

  @Override
  public boolean look() {
    looking.lock();
    try {
      return take();
    } finally {
      looking.unlock();
    }
  }

  private boolean take() {
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
      refuse(e.getMessage());
    }
    return false;
  }

  private void refuse(@Nullable String why) {
    String reason = String.valueOf(why);
    if (!reason.equals(refused)) {
      log.error("keyset file={} refused, the keyset in force stays: {}", path, reason);
    }
    refused = reason;
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
