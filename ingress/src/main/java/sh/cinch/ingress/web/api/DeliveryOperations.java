package sh.cinch.ingress.web.api;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.UUID;
import sh.cinch.forge.Refs;
import sh.cinch.ingress.connecting.DefaultBranch;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.readmodel.PushRow;
import sh.cinch.ingress.readmodel.Releases;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.webhooks.OwnDeliveries;
import sh.cinch.ingress.webhooks.delivery.DeliveryFilter;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.ingress.webhooks.publish.Replay;
import sh.cinch.service.http.Problem;

/** Deliveries that came in for a repository, and statuses that went out, the newest first. */
record DeliveryOperations(
    Rights rights,
    OwnDeliveries deliveries,
    Hooks hooks,
    DefaultBranch defaultBranch,
    Projections projections,
    Releases releases) {

  private static final int NOT_FOUND = 404;
  private static final String BRANCHES = "refs/heads/";
  private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

  ApiReply ofRepository(ApiCall call) {
    return list(call, call.repository(rights));
  }

  /** The same of a repository that is named. */
  ApiReply find(ApiCall call) {
    return list(
        call, rights.of(call.caller(), call.right(), call.query("repository").orElseThrow()));
  }

  private ApiReply list(ApiCall call, Connection connection) {
    return ApiReply.ok(deliveries.log().page(connection.id(), filter(call), call.page()));
  }

  private static DeliveryFilter filter(ApiCall call) {
    return new DeliveryFilter(
        call.query("ref").map(ref -> ref.startsWith("refs/") ? ref : BRANCHES + ref),
        call.query("outcome"),
        call.query("after").map(text -> time("after", text)),
        call.query("before").map(text -> time("before", text)));
  }

  ApiReply show(ApiCall call) {
    LoggedDelivery delivery = delivery(call);
    Connection unused = repository(call, delivery);
    return ApiReply.ok(
        DeliveryView.of(
            delivery,
            deliveries.bodies().size(delivery.id()),
            pushes(delivery),
            projections.statusesOf(delivery.repositoryId(), delivery.id()),
            releases.ofDelivery(delivery.repositoryId(), delivery.id())));
  }

  /** Those of a replay are the original's, unless they were to be new ones. */
  private List<PushRow> pushes(LoggedDelivery delivery) {
    List<PushRow> own = projections.pushesOf(delivery.id());
    return own.isEmpty()
        ? delivery.origin().replayOf().map(projections::pushesOf).orElse(own)
        : own;
  }

  ApiReply body(ApiCall call) {
    LoggedDelivery delivery = delivery(call);
    Connection unused = repository(call, delivery);
    return deliveries
        .bodies()
        .find(delivery.id())
        .map(bytes -> ApiReply.attachment("delivery-%s.json".formatted(delivery.id()), bytes))
        .orElseThrow(
            () ->
                new Problem(
                    NOT_FOUND, "No body is kept", "The body of this delivery is not kept."));
  }

  ApiReply replay(ApiCall call) {
    LoggedDelivery delivery = delivery(call);
    Connection connection = repository(call, delivery);
    requireConnected(connection);
    boolean again = call.hasBody() && call.body().getBoolean("again", false);
    List<Replay.Published> published =
        projections.pushesOf(delivery.id()).stream()
            .map(
                push ->
                    new Replay.Published(push.eventId(), push.ref(), push.commit().orElse(null)))
            .toList();
    return ApiReply.ok(
        deliveries
            .replay()
            .replay(
                delivery,
                new HookedRepository(
                    connection.id(), connection.forge(), connection.uuid(), connection.fullName()),
                published,
                again,
                kind(call.caller())));
  }

  ApiReply simulate(ApiCall call) {
    Connection connection = call.repository(rights);
    requireConnected(connection);
    UUID hook =
        hooks
            .ofRepository(connection.id())
            .map(Hook::id)
            .orElseThrow(
                () ->
                    new Problem(
                        409, "No webhook", "This repository has no webhook: connect it again."));
    deliveries.simulation().take(connection.id());
    Refs.Branch head = defaultBranch.of(connection);
    return ApiReply.ok(
        deliveries.simulation().simulate(hook, head.name(), head.commit(), kind(call.caller())));
  }

  ApiReply statuses(ApiCall call) {
    Connection connection = call.repository(rights);
    return ApiReply.ok(
        projections.statuses(List.of(connection.id()), call.page()).map(StatusView::of));
  }

  private LoggedDelivery delivery(ApiCall call) {
    return deliveries.log().find(call.id()).orElseThrow(DeliveryOperations::none);
  }

  /** Whose it is, as far as the caller has the right. */
  private Connection repository(ApiCall call, LoggedDelivery delivery) {
    try {
      return call.repository(rights, delivery.repositoryId());
    } catch (Problem problem) {
      throw problem.status() == NOT_FOUND ? none() : problem;
    }
  }

  private static void requireConnected(Connection connection) {
    if (!connection.isConnected()) {
      throw new Problem(
          409,
          "Not connected",
          "%s is not connected, so nobody builds its pushes: connect it again first."
              .formatted(connection.fullName()));
    }
  }

  private static String kind(Caller caller) {
    return switch (caller) {
      case Caller.Operator() -> "operator";
      case Caller.Person person -> "person";
      case Caller.Runner runner -> "runner";
    };
  }

  private static Instant time(String parameter, String text) {
    try {
      Instant time = OffsetDateTime.parse(text).toInstant();
      if (time.isAfter(Instant.EPOCH) && time.isBefore(LATEST)) {
        return time;
      }
    } catch (DateTimeException e) {
      // neither this nor any other time
    }
    throw new Problem(
        400,
        "Malformed request",
        "'%s' is no time: one such as 2026-11-23T15:00:00Z is expected.".formatted(parameter));
  }

  private static Problem none() {
    return new Problem(NOT_FOUND, "No such delivery", "There is no delivery with this id for you.");
  }
}
