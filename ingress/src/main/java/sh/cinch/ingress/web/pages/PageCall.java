package sh.cinch.ingress.web.pages;

import io.vertx.ext.web.RoutingContext;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;

/**
 * A page that a person asks for, or a form that they send; of a form it is known that it is of this
 * session.
 *
 * @param right what the route asks of its caller
 */
record PageCall(Session session, Right right, RoutingContext context) {

  /** Answers it, top to bottom on a virtual thread. */
  @FunctionalInterface
  interface Step {
    void answer(PageCall call) throws Exception;
  }

  /** The repository in the address. */
  Connection repository(Rights rights) {
    UUID id = Uuids.parse(context.pathParam("id")).orElseThrow(Rights::noRepository);
    return rights.of(new Caller.Person(session), right, id);
  }

  @Nullable String field(String name) {
    return context.request().getFormAttribute(name);
  }
}
