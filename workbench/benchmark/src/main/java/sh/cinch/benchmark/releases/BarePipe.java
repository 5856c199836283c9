package sh.cinch.benchmark.releases;

import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import sh.cinch.benchmark.stand.EventLoops;

/**
 * The limit: what the source gives goes to the same endpoint as it comes, with its length and with
 * back-pressure, and nobody looks at it. Nothing is checked, remembered or told.
 */
final class BarePipe implements AutoCloseable {

  private final EventLoops loops = EventLoops.start();
  private final HttpClient http = loops.vertx().createHttpClient();
  private final ReleaseStand stand;

  BarePipe(ReleaseStand stand) {
    this.stand = stand;
  }

  EventLoops loops() {
    return loops;
  }

  /** Sends all of them, a few at once. */
  void send(Workload load, List<String> names) {
    Queue<String> left = new ConcurrentLinkedQueue<>(names);
    List<Future<?>> lines = new ArrayList<>();
    for (int i = 0; i < ReleaseStand.AT_ONCE; i++) {
      lines.add(sendOneAfterTheOther(load, left));
    }
    Future.all(lines).timeout(ReleaseStand.LONGEST.toMinutes(), TimeUnit.MINUTES).await();
  }

  private Future<?> sendOneAfterTheOther(Workload load, Queue<String> left) {
    String name = left.poll();
    return name == null
        ? Future.succeededFuture()
        : send(load, name).compose(sent -> sendOneAfterTheOther(load, left));
  }

  private Future<?> send(Workload load, String name) {
    RequestOptions source =
        new RequestOptions()
            .setAbsoluteURI(stand.artifact(load.content()))
            .putHeader(HttpHeaders.AUTHORIZATION, stand.ingressAuthorization());
    // One chain on one event loop: no byte comes before it is held back.
    return http.request(source)
        .compose(
            request ->
                request
                    .send()
                    .compose(
                        response -> {
                          response.pause();
                          return upload(load, name, response);
                        }));
  }

  private Future<?> upload(Workload load, String name, HttpClientResponse content) {
    String boundary = "bare-" + UUID.randomUUID();
    Buffer before =
        Buffer.buffer(
            """
            --%s\r
            Content-Disposition: form-data; name="files"; filename="%s"\r
            Content-Type: application/octet-stream\r
            \r
            """
                .formatted(boundary, name));
    Buffer after = Buffer.buffer("\r\n--%s--\r\n".formatted(boundary));
    RequestOptions options =
        new RequestOptions()
            .setMethod(HttpMethod.POST)
            .setAbsoluteURI(stand.downloads())
            .putHeader(HttpHeaders.AUTHORIZATION, stand.forgeAuthorization())
            .putHeader(HttpHeaders.CONTENT_TYPE, "multipart/form-data; boundary=" + boundary)
            .putHeader(
                HttpHeaders.CONTENT_LENGTH,
                Long.toString(before.length() + load.content().size() + after.length()));
    return http.request(options)
        .compose(
            request ->
                request
                    .write(before)
                    .compose(written -> content.pipe().endOnSuccess(false).to(request))
                    .compose(piped -> request.end(after))
                    .compose(ended -> request.response())
                    .compose(BarePipe::taken));
  }

  private static Future<Buffer> taken(HttpClientResponse response) {
    return response.statusCode() == 201
        ? response.body()
        : Future.failedFuture(
            new IllegalStateException(
                "the simulator answered the bare pipe with " + response.statusCode()));
  }

  @Override
  public void close() {
    loops.close();
  }
}
