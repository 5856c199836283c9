package sh.cinch.ingress.web.api;

import java.util.List;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.readmodel.Projections;
import sh.cinch.ingress.readmodel.Releases;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.webhooks.delivery.Deliveries;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.service.http.Problem;

/** Deliveries that came in for a repository, and statuses that went out, the newest first. */
record HistoryOperations(
    Rights rights, Deliveries deliveries, Projections projections, Releases releases) {

  ApiReply deliveries(ApiCall call) {
    Connection connection = call.repository(rights);
    return ApiReply.ok(deliveries.page(connection.id(), call.page()));
  }

  ApiReply delivery(ApiCall call) {
    LoggedDelivery delivery = deliveries.find(call.id()).orElseThrow(HistoryOperations::none);
    try {
      call.repository(rights, delivery.repositoryId());
    } catch (Problem hidden) {
      throw none();
    }
    return ApiReply.ok(
        DeliveryView.of(
            delivery,
            projections.pushesOf(delivery.id()),
            projections.statusesOf(delivery.repositoryId(), delivery.id()),
            releases.ofDelivery(delivery.repositoryId(), delivery.id())));
  }

  ApiReply statuses(ApiCall call) {
    Connection connection = call.repository(rights);
    return ApiReply.ok(
        projections.statuses(List.of(connection.id()), call.page()).map(StatusView::of));
  }

  private static Problem none() {
    return new Problem(404, "No such delivery", "There is no delivery with this id for you.");
  }
}
