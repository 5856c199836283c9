package sh.cinch.simulator.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpServerFileUpload;
import java.security.MessageDigest;
import org.apache.commons.codec.binary.Hex;
import org.apache.commons.codec.digest.DigestUtils;
import sh.cinch.simulator.store.ContentStore;
import sh.cinch.simulator.world.Content;

/** One file on its way to the disk: no faster than that takes it, and never whole in memory. */
final class Spool {
  private final HttpServerFileUpload upload;
  private final String id;
  private final Future<AsyncFile> file;
  private final Promise<FilePart> part = Promise.promise();
  private final MessageDigest sha256 = DigestUtils.getSha256Digest();
  private long size;
  private boolean isWhole;
  private boolean isHurried;
  private boolean isOver;

  private Spool(HttpServerFileUpload upload, String id, Future<AsyncFile> file) {
    this.upload = upload;
    this.id = id;
    this.file = file;
  }

  static Spool of(Vertx vertx, HttpServerFileUpload upload, ContentStore store) {
    upload.pause();
    String id = store.fresh();
    Future<AsyncFile> file =
        vertx
            .fileSystem()
            .open(store.path(id).toString(), new OpenOptions().setRead(false).setCreateNew(true));
    var spool = new Spool(upload, id, file);
    upload.endHandler(end -> spool.end());
    upload.exceptionHandler(broken -> spool.cut());
    file.onComplete(spool::write, spool::fail);
    return spool;
  }

  /** The part with what came of it, once that is on the disk. */
  Future<FilePart> part() {
    return part.future();
  }

  private void write(AsyncFile to) {
    to.exceptionHandler(this::fail);
    upload.handler(
        bytes -> {
          if (isOver) {
            return;
          }
          count(bytes);
          to.write(bytes).onFailure(this::fail);
          if (to.writeQueueFull() && !isHurried) {
            upload.pause();
            to.drainHandler(drained -> upload.resume());
          }
        });
    upload.resume();
  }

  private void count(Buffer bytes) {
    size += bytes.length();
    sha256.update(bytes.getBytes());
  }

  private void end() {
    isWhole = !isOver;
    finish();
  }

  /** Whether all of it came. */
  boolean isWhole() {
    return isWhole;
  }

  /** No more will come than has come; of that, the last may still wait to be written. */
  void hurry() {
    isHurried = true;
    file.onSuccess(
        opened -> {
          upload.resume();
          // behind what resuming has put in line
          Vertx.currentContext().runOnContext(drained -> finish());
        });
  }

  /** Whatever comes now is not written. */
  void cut() {
    finish();
    upload.resume();
  }

  private void finish() {
    if (isOver) {
      return;
    }
    isOver = true;
    file.compose(AsyncFile::close)
        .map(closed -> new Content(id, size, Hex.encodeHexString(sha256.digest())))
        .map(content -> new FilePart(upload.name(), upload.filename(), content))
        .onComplete(part::tryComplete, part::tryFail);
  }

  private void fail(Throwable why) {
    isOver = true;
    part.tryFail(why);
    upload.handler(bytes -> {}).resume();
  }
}
