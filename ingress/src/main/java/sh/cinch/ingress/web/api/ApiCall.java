package sh.cinch.ingress.web.api;

import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.paging.Cursor;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.service.http.Problem;

/** A request that the OpenAPI document allows, from somebody who is known. */
record ApiCall(Caller caller, RoutingContext context) {

  private static final int USUAL_LIMIT = 50;

  UUID id() {
    return Uuids.parse(context.pathParam("id"))
        .orElseThrow(
            () ->
                new Problem(
                    404, "Not found", "An id as Cinch gives them is expected in the address."));
  }

  JsonObject body() {
    return context.body().asJsonObject();
  }

  int limit() {
    return query("limit").map(Integer::valueOf).orElse(USUAL_LIMIT);
  }

  Optional<Cursor> cursor() {
    return query("cursor")
        .map(
            text ->
                Cursor.parse(text)
                    .orElseThrow(
                        () ->
                            new Problem(
                                400,
                                "Bad cursor",
                                "Send the 'next' of the page before, or none for the first.")));
  }

  Optional<String> query(String name) {
    return Optional.ofNullable(context.request().getParam(name));
  }
}
