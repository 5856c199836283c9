package sh.cinch.benchmark.statuses;

import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import sh.cinch.benchmark.stand.EventLoops;

/**
 * The limit: the same posts with a WebClient as the status-worker has one, and nothing is read from
 * a topic, remembered or told.
 */
final class BarePoster implements AutoCloseable {

  private static final int KEEP_IDLE_SECONDS = 20;
  private static final int MINUTES = 10;
  private static final double NANOS_A_MS = 1e6;

  private final EventLoops loops = EventLoops.start();
  private final StatusStand stand;
  private final String authorization;
  private final int inFlight;
  private final WebClient web;

  BarePoster(StatusStand stand, int inFlight) {
    this.stand = stand;
    this.authorization = stand.authorization();
    this.inFlight = inFlight;
    this.web =
        WebClient.create(
            loops.vertx(),
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setKeepAliveTimeout(KEEP_IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(2 * inFlight));
  }

  EventLoops loops() {
    return loops;
  }

  /**
   * Posts all of them, so many at once.
   *
   * @return the milliseconds that one took, on average
   */
  double post(List<Build> builds) {
    LongAdder nanos = new LongAdder();
    Queue<Build> left = new ConcurrentLinkedQueue<>(builds);
    List<Future<?>> lines = new ArrayList<>();
    for (int i = 0; i < inFlight; i++) {
      lines.add(postOneAfterTheOther(left, nanos));
    }
    Future.all(lines).timeout(MINUTES, TimeUnit.MINUTES).await();
    return nanos.sum() / NANOS_A_MS / builds.size();
  }

  private Future<?> postOneAfterTheOther(Queue<Build> left, LongAdder nanos) {
    Build build = left.poll();
    if (build == null) {
      return Future.succeededFuture();
    }
    long begin = System.nanoTime();
    return post(build)
        .compose(
            posted -> {
              nanos.add(System.nanoTime() - begin);
              return postOneAfterTheOther(left, nanos);
            });
  }

  Future<?> post(Build build) {
    return web.postAbs(stand.address(build))
        .putHeader(HttpHeaders.AUTHORIZATION.toString(), authorization)
        .putHeader(HttpHeaders.CONTENT_TYPE.toString(), "application/json")
        .sendBuffer(build.body())
        .compose(
            response ->
                response.statusCode() == 201
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        new IllegalStateException(
                            "the simulator answered the bare client with "
                                + response.statusCode())));
  }

  @Override
  public void close() {
    loops.close();
  }
}
