package sh.cinch.ingress;

import io.micrometer.core.instrument.Gauge;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.Problem;
import sh.cinch.service.text.EnumWord;

/**
 * The roles of an instance, as it says them: to operators, and to who asks it for another one's.
 */
record Roles(Set<Role> run) {

  private static final Logger log = LoggerFactory.getLogger(Roles.class);
  private static final String API = "/api/";

  boolean has(Role role) {
    return run.contains(role);
  }

  void report(ServiceContext context, RunningService service) {
    for (Role role : Role.values()) {
      Gauge.builder("cinch.ingress.role", () -> has(role) ? 1 : 0)
          .description("Whether this instance runs the role")
          .tag("role", EnumWord.word(role))
          .register(context.metrics());
    }
    service.report(
        "/roles",
        () ->
            new JsonObject()
                .put("roles", new JsonArray(words(true)))
                .put("parts", new JsonArray(service.health().parts())));
    if (words(false).isEmpty()) {
      log.info("roles={}", words(true));
    } else {
      log.info("roles={}, other instances must run {}", words(true), words(false));
    }
  }

  private List<String> words(boolean run) {
    return Arrays.stream(Role.values())
        .filter(role -> has(role) == run)
        .map(EnumWord::word)
        .toList();
  }

  /** What belongs to a role that is not run; to be mounted where the role's own would be. */
  static void refuse(Role role, Router router) {
    switch (role) {
      case WEBHOOKS -> router.route(HookUrls.PATH + "/*").handler(context -> refuse(context, role));
      case WEB -> router.route().handler(context -> refuse(context, role));
      case PROJECTIONS -> {}
    }
  }

  private static void refuse(RoutingContext context, Role role) {
    String why =
        "This instance of Cinch does not serve this address; one with the role %s does."
            .formatted(EnumWord.word(role));
    if (context.request().path().startsWith(API)) {
      new Problem(404, "Not served here", why).send(context.response());
    } else {
      context.response().setStatusCode(404).putHeader("content-type", "text/plain").end(why + "\n");
    }
  }
}
