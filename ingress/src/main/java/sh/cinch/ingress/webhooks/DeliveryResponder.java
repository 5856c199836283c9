package sh.cinch.ingress.webhooks;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import sh.cinch.service.http.RetryAfter;

/** Counts answers and sends them, from any thread. */
final class DeliveryResponder {

  /**
   * Bitbucket tries three times, each at once after the last: an answer held back for a while makes
   * its tries span more time. Counted from when the request began, since so is its patience: what
   * took as long to come in is not held back.
   */
  private static final Duration NOT_NOW_TAKES = Duration.ofMillis(1_500);

  private final Vertx vertx;
  private final InstantSource clock;
  private final Map<DeliveryResponse, Counter> counters = new EnumMap<>(DeliveryResponse.class);
  private final Timer duration;

  DeliveryResponder(Vertx vertx, InstantSource clock, MeterRegistry metrics) {
    this.vertx = vertx;
    this.clock = clock;
    for (DeliveryResponse answer : DeliveryResponse.values()) {
      counters.put(
          answer,
          metrics.counter(
              "cinch.webhook.deliveries",
              "answer",
              String.valueOf(answer.status()),
              "reason",
              answer.reason()));
    }
    this.duration = metrics.timer("cinch.webhook.duration");
  }

  /**
   * @param text the body
   * @param since when the request's head had come in
   */
  void send(HttpServerRequest request, DeliveryResponse answer, String text, Instant since) {
    Duration taken = Duration.between(since, clock.instant());
    Duration early = NOT_NOW_TAKES.minus(taken);
    if (answer.isNotNow() && early.toMillis() > 0) { // no timer is shorter
      vertx.setTimer(early.toMillis(), due -> send(request, answer, text));
    } else {
      send(request, answer, text);
    }
    duration.record(taken);
  }

  /** To a request whose body was not read: whatever else comes on its connection is not for us. */
  void sendAndClose(HttpServerRequest request, DeliveryResponse answer, Instant since) {
    if (!request.response().headWritten()) {
      request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    send(request, answer, answer.text(), since);
  }

  private void send(HttpServerRequest request, DeliveryResponse answer, String text) {
    Objects.requireNonNull(counters.get(answer)).increment();
    HttpServerResponse response = request.response();
    if (response.closed() || response.ended()) {
      return; // the sender has gone
    }
    if (answer.isNotNow()) {
      RetryAfter.SOON.put(response);
    }
    if (answer == DeliveryResponse.OTHER_METHOD) {
      response.putHeader(HttpHeaders.ALLOW, "POST");
    }
    response
        .setStatusCode(answer.status())
        .putHeader(HttpHeaders.CONTENT_TYPE, "text/plain; charset=utf-8")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(text + "\n");
  }
}
