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
 * @param takesBody whether the document knows a body, which then is a JSON object
 */
record ApiCall(Caller caller, Right right, RoutingContext context, boolean takesBody) {

  UUID id() {
    return Uuids.parse(context.pathParam("id"))
        .orElseThrow(
            () ->
                new Problem(
                    404, "Not found", "An id as Cinch gives them is expected in the address."));
  }

  /** A part of the address. */
  String text(String parameter) {
    return context.pathParam(parameter);
  }

  /** The repository in the address. */
  Connection repository(Rights rights) {
    return repository(rights, id());
  }

  /** One that was found by something else. */
  Connection repository(Rights rights, UUID repository) {
    return rights.of(caller, right, repository);
  }

  /** Only of operations that take one is the body known to be an object. */
  boolean hasBody() {
    return takesBody && !context.body().isEmpty();
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
