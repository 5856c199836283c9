package sh.cinch.ingress.web.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.connecting.connection.RepositoryFilter;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.pushes.ConsumerName;
import sh.cinch.ingress.pushes.PushBatch;
import sh.cinch.ingress.pushes.PushWait;
import sh.cinch.ingress.pushes.Pushes;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;

/** Pushes, for runners without Kafka. */
record PushOperations(Rights rights, Callers callers, Pushes pushes, OpenCalls open) {

  ApiReply read(ApiCall call) {
    Optional<ConsumerName> consumer = call.query("consumer").map(name -> consumer(call, name));
    Optional<String> after = call.query("after");
    int limit = call.query("limit").map(Integer::valueOf).orElse(PageRequest.USUAL_LIMIT);
    Duration waiting = Duration.ofSeconds(call.query("wait").map(Long::valueOf).orElse(0L));
    HttpServerRequest request = call.context().request();
    String caller = Authentication.sender(call.caller(), request);
    open.open(caller);
    try (PushWait wait = pushes.open(mayRead(call.caller(), request))) {
      endEarly(request, call.context().response(), wait);
      PushBatch batch =
          consumer
              .map(who -> pushes.next(who, after, limit, waiting, wait))
              .orElseGet(() -> pushes.read(after, limit, waiting, wait));
      return ApiReply.ok(batch);
    } finally {
      open.close(caller);
    }
  }

  /** For whoever has gone nothing is taken, and a server that stops waits for nobody. */
  private static void endEarly(
      HttpServerRequest request, HttpServerResponse response, PushWait wait) {
    response.closeHandler(gone -> wait.end());
    request.connection().shutdownHandler(stopping -> wait.end());
    if (response.closed()) {
      wait.end();
    }
  }

  private static ConsumerName consumer(ApiCall call, String name) {
    if (call.caller() instanceof Caller.Person) {
      throw new Problem(
          403, "Not allowed", "Consumers are for API tokens; a session reads with 'after'.");
    }
    String authorization = call.context().request().getHeader(HttpHeaders.AUTHORIZATION);
    return new ConsumerName(RandomToken.bearer(authorization).orElseThrow().hash(), name);
  }

  /** Who asks is known the first time; later the token or the session may have ended. */
  private Supplier<Predicate<Repository>> mayRead(Caller caller, HttpServerRequest request) {
    AtomicReference<@Nullable Caller> known = new AtomicReference<>(caller);
    return () -> {
      Caller first = known.getAndSet(null);
      return visible(rights.filter(first == null ? again(caller, request) : first));
    };
  }

  /**
   * @throws Problem 401 where it is nobody any more
   */
  private Caller again(Caller known, HttpServerRequest request) {
    try {
      return callers.of(request);
    } catch (DataAccessException e) {
      if (Database.isAway(e)) {
        return known; // who has begun may wait until it is back
      }
      throw e;
    }
  }

  private static Predicate<Repository> visible(RepositoryFilter filter) {
    return switch (filter) {
      case RepositoryFilter.All() -> repository -> true;
      case RepositoryFilter.Named(Set<UUID> ids) -> repository -> ids.contains(repository.id());
      case RepositoryFilter.OfForge(Set<String> uuids) ->
          repository -> uuids.contains(repository.uuid());
    };
  }
}
