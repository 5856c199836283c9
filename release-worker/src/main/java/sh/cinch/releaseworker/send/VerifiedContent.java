package sh.cinch.releaseworker.send;

import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.streams.ReadStream;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;
import sh.cinch.releaseworker.releases.ReleaseFile;

/**
 * Passes a source on and looks at every byte. The last ones are held back until size and SHA-256
 * are known to be right, and never given where they are not: what arrives is whole and right, or
 * not whole. Called from the source's context, except for {@link #stop}.
 */
final class VerifiedContent implements ReadStream<Buffer> {

  private static final int COPIED_AT_ONCE = 16 * 1024;

  private final ReadStream<Buffer> source;
  private final ReleaseFile file;
  private final MessageDigest digest = DigestUtils.getSha256Digest();
  private final byte[] copy = new byte[COPIED_AT_ONCE];
  private final AtomicReference<@Nullable Fault> fault = new AtomicReference<>();
  private volatile @Nullable Handler<Buffer> handler;
  private volatile @Nullable Handler<@Nullable Void> endHandler;
  private volatile @Nullable Handler<Throwable> exceptionHandler;
  private @Nullable Buffer held;
  private final AtomicLong seen = new AtomicLong();
  private volatile boolean isAskedFor;

  /**
   * @param source paused
   * @param file what it must be
   */
  VerifiedContent(ReadStream<Buffer> source, ReleaseFile file) {
    this.source = source;
    this.file = file;
    source
        .exceptionHandler(why -> fail(new Fault.Broke(words(why))))
        .endHandler(end -> end())
        .handler(this::take);
  }

  /** Why it failed; empty while it did not. */
  Optional<Fault> fault() {
    return Optional.ofNullable(fault.get());
  }

  /** Bytes looked at so far. */
  long seen() {
    return seen.get();
  }

  /** Whether all of it has been looked at. */
  boolean isAllSeen() {
    return seen.get() >= file.size();
  }

  /** Whether its taker waits for more; otherwise it waits for the taker. */
  boolean isAskedFor() {
    return isAskedFor;
  }

  /** Ends it as a failure; nothing more is given. From any thread. */
  void stop(Fault why) {
    fail(why);
  }

  private void take(Buffer bytes) {
    if (fault.get() != null || bytes.length() == 0) {
      return;
    }
    if (seen.addAndGet(bytes.length()) > file.size()) {
      fail(
          new Fault.Wrong(
              "the source has more than the %d bytes that were announced".formatted(file.size())));
      return;
    }
    look(bytes);
    Buffer before = held;
    held = bytes;
    if (before != null) {
      give(before);
    }
  }

  /** A buffer hands its bytes out as copies only; one array takes them all in turn. */
  private void look(Buffer bytes) {
    for (int from = 0; from < bytes.length(); from += copy.length) {
      int to = Math.min(bytes.length(), from + copy.length);
      bytes.getBytes(from, to, copy);
      digest.update(copy, 0, to - from);
    }
  }

  private void end() {
    if (fault.get() != null) {
      return;
    }
    long all = seen.get();
    if (all < file.size()) {
      fail(new Fault.Broke("the source ended after %d of %d bytes".formatted(all, file.size())));
      return;
    }
    String found = HexFormat.of().formatHex(digest.digest());
    if (!found.equals(file.sha256())) {
      fail(
          new Fault.Wrong(
              "the source has the SHA-256 %s, and %s was announced"
                  .formatted(found, file.sha256())));
      return;
    }
    Buffer last = held;
    held = null;
    if (last != null) {
      give(last);
    }
    Handler<@Nullable Void> ended = endHandler;
    if (ended != null) {
      ended.handle(null);
    }
  }

  private void give(Buffer bytes) {
    Handler<Buffer> taker = handler;
    if (taker != null) {
      taker.handle(bytes);
    }
  }

  private void fail(Fault why) {
    if (fault.compareAndSet(null, why)) {
      Handler<Throwable> told = exceptionHandler;
      if (told != null) {
        told.handle(new IOException(why.toString()));
      }
    }
  }

  @Override
  public ReadStream<Buffer> exceptionHandler(@Nullable Handler<Throwable> told) {
    exceptionHandler = told;
    Fault before = fault.get();
    if (told != null && before != null) {
      told.handle(new IOException(before.toString()));
    }
    return this;
  }

  @Override
  public ReadStream<Buffer> handler(@Nullable Handler<Buffer> taker) {
    handler = taker;
    return this;
  }

  @Override
  public ReadStream<Buffer> endHandler(@Nullable Handler<Void> ended) {
    endHandler = ended;
    return this;
  }

  @Override
  public ReadStream<Buffer> pause() {
    isAskedFor = false;
    source.pause();
    return this;
  }

  @Override
  public ReadStream<Buffer> resume() {
    isAskedFor = true;
    source.resume();
    return this;
  }

  @Override
  public ReadStream<Buffer> fetch(long amount) {
    isAskedFor = true;
    source.fetch(amount);
    return this;
  }

  private static String words(Throwable why) {
    return Optional.ofNullable(why.getMessage()).orElseGet(() -> why.getClass().getSimpleName());
  }
}
