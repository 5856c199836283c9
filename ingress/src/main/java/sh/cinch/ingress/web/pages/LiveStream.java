package sh.cinch.ingress.web.pages;

import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.readmodel.LiveEvent;
import sh.cinch.ingress.readmodel.LiveFeed;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.http.Problem;

/**
 * {@code GET /events}: tells a page which of its repositories something happened in; the page then
 * loads itself anew, so that this shows nothing the page would not.
 */
record LiveStream(
    LiveFeed feed,
    SignedIn signedIn,
    Connections connections,
    RepositoryAccessCache accessCache,
    OpenStreams streams) {

  private static final Logger log = LoggerFactory.getLogger(LiveStream.class);

  /** Also how long a session may be over before its stream is. */
  private static final Duration LOOK_AGAIN = Duration.ofSeconds(5);

  /** A page that is further behind connects again and loads itself. */
  private static final int MOST_WAITING = 1_000;

  void stream(RoutingContext context) {
    RandomToken token = signedIn.token(context.request()).orElseThrow(LiveStream::signedOut);
    Session session = signedIn.find(token).orElseThrow(LiveStream::signedOut);
    Set<UUID> visible = visible(session);
    String account = session.account().uuid();
    streams.open(account);
    try {
      stream(context, token, visible);
    } finally {
      streams.close(account);
    }
  }

  private void stream(RoutingContext context, RandomToken token, Set<UUID> visibleNow) {
    HttpServerResponse response =
        context
            .response()
            .putHeader("content-type", "text/event-stream")
            .putHeader("cache-control", "no-store")
            .setChunked(true);
    // A server that stops need not wait for pages that stay open.
    context.request().connection().shutdownHandler(unused -> response.end());
    BlockingQueue<UUID> happened = new ArrayBlockingQueue<>(MOST_WAITING);
    try (var subscription = feed.subscribe(event -> offer(response, happened, event))) {
      send(response, ": connected\n\n");
      Optional<Set<UUID>> visible = Optional.of(visibleNow);
      while (visible.isPresent() && isOpen(response)) {
        visible =
            until(System.nanoTime() + LOOK_AGAIN.toNanos(), response, happened, visible.get())
                ? signedIn.find(token).map(this::visible)
                : Optional.empty();
      }
      response.end().await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      log.debug("a live page went away", e);
    }
  }

  private static void offer(
      HttpServerResponse response, BlockingQueue<UUID> happened, LiveEvent event) {
    if (!happened.offer(event.repositoryId())) {
      response.reset();
    }
  }

  /** False where the page is gone. */
  private static boolean until(
      long end, HttpServerResponse response, BlockingQueue<UUID> happened, Set<UUID> visible)
      throws InterruptedException {
    while (isOpen(response)) {
      UUID repository = happened.poll(end - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (repository == null) {
        send(response, ": still here\n\n");
        return true;
      }
      if (visible.contains(repository)) {
        send(response, "event: change\ndata: %s\n\n".formatted(repository));
      }
      if (System.nanoTime() >= end) {
        return true;
      }
    }
    return false;
  }

  private static void send(HttpServerResponse response, String text) {
    response.write(text).await();
  }

  private static boolean isOpen(HttpServerResponse response) {
    return !response.closed() && !response.ended();
  }

  private Set<UUID> visible(Session session) {
    return connections.among(accessCache.of(session.credential()).visible()).stream()
        .map(Connection::id)
        .collect(Collectors.toSet());
  }

  private static Problem signedOut() {
    return new Problem(401, "Signed out", "You are not signed in.");
  }
}
