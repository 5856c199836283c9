package sh.cinch.service.http;

import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;

/**
 * Reads a body: so much of it and no more, for so long and no longer, as far as there is room,
 * whatever its Content-Length says. Lives on the request's event loop.
 *
 * @param largest bytes
 * @param within how long a body may take
 */
public record BodyReader(Vertx vertx, int largest, Duration within) {

  private static final int FIRST = 1024;

  /** Whether the request says that it has one, which may be empty all the same. */
  public static boolean isAnnounced(HttpServerRequest request) {
    return request.headers().contains(HttpHeaders.CONTENT_LENGTH)
        || request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
  }

  public static boolean isCompressed(HttpServerRequest request) {
    return request.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .anyMatch(encoding -> !encoding.equalsIgnoreCase("identity"));
  }

  /** Says that the body may come, to who waits to be told so. */
  public static void invite(HttpServerRequest request) {
    if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))
        && request.version() != HttpVersion.HTTP_1_0) {
      request.response().writeContinue();
    }
  }

  public boolean declaresMore(HttpServerRequest request) {
    String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
    try {
      return length != null && Long.parseLong(length) > largest;
    } catch (NumberFormatException e) {
      return true; // more digits than any number has
    }
  }

  /**
   * Reads a request that is paused, or has just come in. What is not read to its end is dropped
   * with its connection once it is answered.
   *
   * @param share given back here, unless the whole body is handed on
   * @param then called once, unless the sender goes away first
   */
  public void read(HttpServerRequest request, BodiesInFlight.Share share, Handler<Body> then) {
    if (request.response().closed()) {
      share.close();
    } else if (declaresMore(request)) {
      then.handle(new Body.TooLarge());
    } else {
      Reading reading = new Reading(request, share, then);
      Context eventLoop = vertx.getOrCreateContext();
      if (share.begin(() -> eventLoop.runOnContext(now -> reading.displaced()))) {
        reading.begin();
      } else {
        reading.stop(new Body.NoRoom());
      }
    }
  }

  private final class Reading {

    private final HttpServerRequest request;
    private final BodiesInFlight.Share share;
    private final Handler<Body> then;
    private final Buffer collected = Buffer.buffer(FIRST);
    private final long timer;
    private boolean isOver;

    Reading(HttpServerRequest request, BodiesInFlight.Share share, Handler<Body> then) {
      this.request = request;
      this.share = share;
      this.then = then;
      this.timer = vertx.setTimer(within.toMillis(), late -> stop(new Body.TooSlow()));
    }

    void begin() {
      request.exceptionHandler(
          gone -> {
            over();
            share.close();
          });
      request.handler(this::take);
      request.endHandler(
          end -> {
            if (!share.isHere()) {
              return; // it hears of that in a moment
            }
            over();
            // From now on it is for who has the body to give back, also where the sender goes.
            request.exceptionHandler(null);
            then.handle(new Body.Whole(collected));
          });
      invite(request);
      request.resume();
    }

    private void take(Buffer chunk) {
      if (collected.length() + chunk.length() > largest) {
        stop(new Body.TooLarge());
      } else if (!share.take(chunk.length())) {
        stop(new Body.NoRoom());
      } else {
        collected.appendBuffer(chunk);
      }
    }

    /** A smaller body needed the room. */
    void displaced() {
      if (!isOver) {
        stop(new Body.NoRoom());
      }
    }

    private void over() {
      isOver = true;
      vertx.cancelTimer(timer);
    }

    private void stop(Body body) {
      over();
      request.pause();
      request.handler(null);
      request.endHandler(null);
      share.close();
      then.handle(body);
    }
  }
}
