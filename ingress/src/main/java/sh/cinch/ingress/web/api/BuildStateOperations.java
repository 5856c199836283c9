package sh.cinch.ingress.web.api;

import io.vertx.core.json.Json;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.Event;
import sh.cinch.service.trace.Traceparent;

/** Build states of runners without Kafka: each becomes a record, as a runner's own would be. */
record BuildStateOperations(Rights rights, Sending sending, InstantSource clock) {

  private static final URI SOURCE = URI.create("/cinch/ingress");

  /** By then its record has come, by whichever clock: what is accepted is not too old after all. */
  private static final Duration ON_ITS_WAY = Duration.ofMinutes(5);

  /** {@code eventId}: the {@code ce_id} of the record. */
  record Accepted(String eventId) {}

  ApiReply report(ApiCall call) {
    Connection connection = call.repository(rights);
    if (!connection.isConnected()) {
      throw new Problem(
          409, "Not connected", "The repository is not connected, so no status can be posted.");
    }
    BuildState state = read(call.body(), connection);
    Limits.tooOld("occurredAt", state.occurredAt(), clock.instant().plus(ON_ITS_WAY))
        .ifPresent(
            reason -> {
              throw refused(reason);
            });
    String eventId = UUID.randomUUID().toString();
    publish(call, connection, state, eventId);
    return ApiReply.of(202, new Accepted(eventId));
  }

  private static BuildState read(JsonObject body, Connection connection) {
    Object named = body.getValue("repository");
    if (named != null && !isSame(repository(named), connection)) {
      throw new Problem(
          400,
          "Another repository",
          "'repository' in the body is not the one in the address; leave it out or correct it.");
    }
    JsonObject complete =
        body.copy().put("repository", new JsonObject().put("id", connection.id().toString()));
    byte[] bytes = complete.encode().getBytes(StandardCharsets.UTF_8);
    return switch (EventJson.read(bytes, BuildState.class)) {
      case Reading.Good<BuildState>(BuildState state) -> state;
      case Reading.Bad<BuildState>(String reason) -> throw refused(reason);
    };
  }

  private static Problem refused(String reason) {
    return new Problem(400, "Malformed build state", reason);
  }

  private static RepositoryRef repository(Object named) {
    byte[] bytes = Json.encode(named).getBytes(StandardCharsets.UTF_8);
    return switch (EventJson.read(bytes, RepositoryRef.class)) {
      case Reading.Good<RepositoryRef>(RepositoryRef repository) -> repository;
      case Reading.Bad<RepositoryRef>(String reason) ->
          throw refused(
              named instanceof JsonObject
                  ? reason
                  : "field 'repository' has the wrong type: an object is expected");
    };
  }

  private static boolean isSame(RepositoryRef named, Connection connection) {
    return named.id() == null
        ? connection.forge().equals(named.forge()) && connection.isOrWasCalled(named.fullName())
        : named.id().equals(connection.id());
  }

  private void publish(ApiCall call, Connection connection, BuildState state, String eventId) {
    String key = connection.id() + ":" + state.commit();
    Event<BuildState> event =
        new Event<>(
            Topic.BUILD_STATE,
            key,
            eventId,
            SOURCE,
            key,
            clock.instant(),
            Traceparent.continued(call.context().request().getHeader(Traceparent.HEADER)),
            state);
    sending.send(event.toRecord(), "build state");
  }
}
