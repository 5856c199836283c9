package sh.cinch.ingress.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.service.http.Problem;

/**
 * A request that the OpenAPI document allows, from somebody who is known.
 *
 * @param right what the operation asks of its caller
 */
record ApiCall(Caller caller, Right right, RoutingContext context) {

  UUID id() {
    return Uuids.parse(context.pathParam("id"))
        .orElseThrow(
            () ->
                new Problem(
                    404, "Not found", "An id as Cinch gives them is expected in the address."));
  }

  /** The repository in the address. */
  Connection repository(Rights rights) {
    return repository(rights, id());
  }

  /** One that was found by something else. */
  Connection repository(Rights rights, UUID repository) {
    return rights.of(caller, right, repository);
  }

  JsonObject body() {
    return context.body().asJsonObject();
  }

  PageRequest page() {
    return new PageRequest(
        query("limit").map(Integer::valueOf).orElse(PageRequest.USUAL_LIMIT), query("cursor"));
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(context.request().getParam(name));
  }
}
