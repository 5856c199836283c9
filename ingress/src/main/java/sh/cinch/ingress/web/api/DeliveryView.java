package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import java.util.Optional;
import sh.cinch.ingress.readmodel.PushRow;
import sh.cinch.ingress.readmodel.ReleaseRow;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.ReleaseEvent;

/**
 * A delivery as the API shows it, followed to its end.
 *
 * @param bodyBytes of its body; empty where that is not kept
 */
record DeliveryView(
    @JsonUnwrapped LoggedDelivery delivery,
    List<KeptHeaders.Header> headers,
    Optional<Integer> bodyBytes,
    List<Push> pushes,
    List<Status> statuses,
    List<Release> releases) {

  /** {@code id}: the {@code ce_id} of the push event. */
  record Push(String id, String ref, String change, Optional<String> commit) {}

  record Status(
      String commit,
      String key,
      Optional<String> ref,
      BuildState.State wanted,
      CommitStatusEvent.Progress outcome) {}

  record Release(String id, String tag, ReleaseEvent.State state) {}

  static DeliveryView of(
      LoggedDelivery delivery,
      Optional<Integer> bodyBytes,
      List<PushRow> pushes,
      List<CommitStatusEvent> statuses,
      List<ReleaseRow> releases) {
    return new DeliveryView(
        delivery,
        delivery.headers().all(),
        bodyBytes,
        pushes.stream()
            .map(push -> new Push(push.eventId(), push.ref(), push.change(), push.commit()))
            .toList(),
        statuses.stream()
            .map(
                status ->
                    new Status(
                        status.commit(),
                        status.key(),
                        Optional.ofNullable(status.ref()),
                        status.wanted(),
                        status.progress()))
            .toList(),
        releases.stream()
            .map(release -> new Release(release.id(), release.tag(), release.state()))
            .toList());
  }
}
