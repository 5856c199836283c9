package sh.cinch.simulator.http;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpServerFileUpload;
import io.vertx.core.http.HttpServerRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import sh.cinch.simulator.store.ContentStore;

/** Reads one multipart form, its files to disk. Lives on the event loop of its request. */
final class FormReader {
  private final Vertx vertx;
  private final HttpServerRequest request;
  private final ContentStore store;
  private final long mostBytes;
  private final List<Spool> spools = new ArrayList<>();
  private final Promise<Form> form = Promise.promise();
  private boolean isOver;

  private FormReader(Vertx vertx, HttpServerRequest request, ContentStore store, long mostBytes) {
    this.vertx = vertx;
    this.request = request;
    this.store = store;
    this.mostBytes = mostBytes;
  }

  /**
   * @param mostBytes 0: any number
   */
  static Future<Form> read(
      Vertx vertx, HttpServerRequest request, ContentStore store, long mostBytes) {
    return new FormReader(vertx, request, store, mostBytes).read();
  }

  private Future<Form> read() {
    request.exceptionHandler(this::broken);
    if (tooLarge(announced())) {
      // known before a byte is read; whoever goes on sending nevertheless is let to
      request.handler(bytes -> {});
      over(Form.TooLarge::new);
    } else if (isMultipart()) {
      readForm();
    } else {
      request.handler(bytes -> {});
      request.endHandler(end -> over(files -> new Form.Other()));
    }
    return form.future();
  }

  private void readForm() {
    try {
      request.setExpectMultipart(true);
    } catch (RuntimeException noBoundary) {
      request.handler(bytes -> {});
      request.endHandler(end -> over(Form.Malformed::new));
      return;
    }
    request.handler(
        bytes -> {
          if (tooLarge(request.bytesRead())) {
            over(Form.TooLarge::new);
          }
        });
    request.uploadHandler(this::part);
    request.endHandler(end -> end());
  }

  private void end() {
    spools.forEach(Spool::hurry);
    Future.join(spools.stream().map(Spool::part).toList())
        .onComplete(
            joined -> {
              boolean isWhole = spools.stream().allMatch(Spool::isWhole);
              over(isWhole ? Form.Whole::new : Form.Malformed::new);
            });
  }

  private void part(HttpServerFileUpload upload) {
    if (!isOver) {
      spools.add(Spool.of(vertx, upload, store));
    }
  }

  private void broken(Throwable why) {
    over(why instanceof HttpClosedException ? Form.Torn::new : Form.Malformed::new);
  }

  /** The first ending counts. */
  private void over(Function<List<FilePart>, Form> ending) {
    if (isOver) {
      return;
    }
    isOver = true;
    spools.forEach(Spool::cut);
    Future.join(spools.stream().map(Spool::part).toList())
        .map(joined -> ending.apply(joined.list()))
        .onComplete(form::complete, form::fail);
  }

  private boolean tooLarge(long bytes) {
    return mostBytes > 0 && bytes > mostBytes;
  }

  private long announced() {
    String length = Objects.requireNonNullElse(request.getHeader("Content-Length"), "");
    return length.matches("[0-9]{1,18}") ? Long.parseLong(length) : 0;
  }

  private boolean isMultipart() {
    return Objects.requireNonNullElse(request.getHeader("Content-Type"), "")
        .toLowerCase(Locale.ROOT)
        .startsWith("multipart/form-data");
  }
}
