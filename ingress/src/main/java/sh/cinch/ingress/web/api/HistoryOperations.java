package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.service.http.Problem;

/** What came in for a repository and what went out, the newest first. */
final class HistoryOperations {

  private final Rights rights;
  private final DeliveryLog deliveries;
  private final Projections projections;

  HistoryOperations(Rights rights, DeliveryLog deliveries, Projections projections) {
    this.rights = rights;
    this.deliveries = deliveries;
    this.projections = projections;
  }

  @JsonInclude(JsonInclude.Include.NON_NULL)
  record DeliveryView(
      UUID id,
      UUID repositoryId,
      UUID hookId,
      String eventKey,
      @Nullable String requestId,
      int attempt,
      int answer,
      String outcome,
      int events,
      @Nullable String reason,
      Instant receivedAt) {

    static DeliveryView of(LoggedDelivery delivery) {
      return new DeliveryView(
          delivery.id(),
          delivery.repositoryId(),
          delivery.hookId(),
          delivery.eventKey(),
          delivery.requestId().orElse(null),
          delivery.attempt(),
          delivery.answer(),
          delivery.outcome(),
          delivery.events(),
          delivery.reason().orElse(null),
          delivery.receivedAt());
    }
  }

  ApiReply deliveries(ApiCall call) {
    Connection connection = rights.visible(call.caller(), call.id());
    return ApiReply.ok(
        ApiReply.Listing.of(
            deliveries.page(connection.id(), call.limit(), call.cursor()), DeliveryView::of));
  }

  ApiReply delivery(ApiCall call) {
    LoggedDelivery delivery = deliveries.find(call.id()).orElseThrow(HistoryOperations::none);
    try {
      rights.visible(call.caller(), delivery.repositoryId());
    } catch (Problem hidden) {
      throw none();
    }
    return ApiReply.ok(DeliveryView.of(delivery));
  }

  ApiReply statuses(ApiCall call) {
    Connection connection = rights.visible(call.caller(), call.id());
    return ApiReply.ok(
        ApiReply.Listing.of(
            projections.statuses(connection.id(), call.limit(), call.cursor()), StatusView::of));
  }

  private static Problem none() {
    return new Problem(404, "No such delivery", "There is no delivery with this id for you.");
  }
}
