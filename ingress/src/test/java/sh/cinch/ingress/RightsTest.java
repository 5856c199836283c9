package sh.cinch.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Route;
import io.vertx.ext.web.Router;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.RightsTable;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.kafka.DeadLetterHeaders;
import sh.cinch.testkit.Reply;

/** Everybody tries everything: each route of the public port, as each kind of caller. */
@OnStack
class RightsTest {

  private static final String SHA256 = "ab".repeat(32);

  /** Leads away whoever is not asked about two accounts: nothing tells that from a refusal. */
  private static final String ONLY_WITH_A_QUESTION = "GET /auth/bitbucket/account";

  private enum Who {
    ANONYMOUS,
    STRANGER,
    READER,
    WRITER,
    ADMINISTRATOR,
    RUNNER,
    OTHER_RUNNER,
    OPERATOR;

    boolean isPerson() {
      return EnumSet.range(STRANGER, ADMINISTRATOR).contains(this);
    }
  }

  private final Stack stack;
  private final String slug = Stack.slug();
  private final String name = "acme/" + slug;
  private final String id;
  private final String hook;
  private final String forgeHook;
  private final String delivery;
  private final String release;
  private final String deadLetter;
  private final Map<Who, String> tokens;
  private final Map<Who, Browser> browsers;
  private final Map<Who, String> forms = new EnumMap<>(Who.class);

  RightsTest(Stack stack) {
    this.stack = stack;
    id = connect(name);
    String other = connect("other/" + slug);
    stack.bitbucket().tag(name, "v1");
    stack.bitbucket().push(name);
    hook =
        stack.operator().get("/repositories/" + id).json().getJsonObject("webhook").getString("id");
    forgeHook = stack.bitbucket().hooks(name).getFirst().getString("uuid");
    delivery = delivery();
    release = stack.operator().post("/releases", release()).json().getString("id");
    deadLetter = deadLetter();
    tokens =
        Map.of(
            Who.RUNNER,
            stack.runner(id).token().orElseThrow(),
            Who.OTHER_RUNNER,
            stack.runner(other).token().orElseThrow(),
            Who.OPERATOR,
            Stack.OPERATOR_TOKEN);
    browsers =
        Map.of(
            Who.STRANGER, signedIn("stranger", "other/" + slug, "admin"),
            Who.READER, signedIn("reader", name, "read"),
            Who.WRITER, signedIn("writer", name, "write"),
            Who.ADMINISTRATOR, signedIn("administrator", name, "admin"));
    browsers.forEach((who, browser) -> forms.put(who, browser.formToken()));
  }

  @Test
  void everyRouteHasARowAndEveryRowARoute() {
    assertThat(routes()).containsExactlyInAnyOrderElementsOf(RightsTable.routes());
  }

  @Test
  void everybodyMayWhatTheTableSaysAndNothingElse() {
    List<String> wrong = new ArrayList<>();
    for (String route : inOrder()) {
      Right right = RightsTable.of(method(route), path(route));
      for (Who who : Who.values()) {
        Reply reply = send(who, route);
        if (isAdmitted(route, reply) != may(who, right, route)
            || (needsSecret(right) && reply.status() != 401)) {
          wrong.add(
              "%s as %s, which asks for %s: %d %s"
                  .formatted(route, who, right, reply.status(), reply.body()));
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** The rules once more, in the words of who is asked about. */
  private static boolean may(Who who, Right right, String route) {
    boolean page = !route.contains("/api/");
    return switch (right) {
      case NONE -> true;
      case HOOK_SECRET, SERVICE_SECRET ->
          false; // nobody here has one, so that all are asked for it
      case SESSION -> who.isPerson();
      case KNOWN -> who != Who.ANONYMOUS;
      case SEE ->
          Set.of(Who.READER, Who.WRITER, Who.ADMINISTRATOR).contains(who)
              || (!page && Set.of(Who.RUNNER, Who.OPERATOR).contains(who));
      case CLONE -> Set.of(Who.RUNNER, Who.OPERATOR).contains(who);
      case REPORT -> Set.of(Who.ADMINISTRATOR, Who.RUNNER, Who.OPERATOR).contains(who);
      case ADMINISTER, CONNECT -> who == Who.ADMINISTRATOR || (!page && who == Who.OPERATOR);
      case OPERATE -> who == Who.OPERATOR;
    };
  }

  private static boolean needsSecret(Right right) {
    return right == Right.HOOK_SECRET || right == Right.SERVICE_SECRET;
  }

  /** Refused is: not known, not allowed, not shown, sent to the first page, or told so there. */
  private static boolean isAdmitted(String route, Reply reply) {
    boolean sentAway = route.startsWith("GET ") && reply.header("location").equals("/");
    boolean refused =
        Set.of(401, 403, 404).contains(reply.status())
            && !reply.body().contains("Nothing of this file is here");
    return !refused
        && !sentAway
        && !reply.body().contains("Only administrators of")
        && !reply.body().contains("Bitbucket does not show");
  }

  private Reply send(Who who, String route) {
    String method = method(route);
    Browser browser = browsers.getOrDefault(who, stack.browser());
    if (route.equals("GET /events")) {
      return browser.head("/events"); // its body has no end
    }
    Map<String, String> headers = new HashMap<>();
    headers.put("x-form-token", forms.getOrDefault(who, "none"));
    headers.put("x-hook-uuid", forgeHook);
    if (tokens.containsKey(who)) {
      headers.put("authorization", "Bearer " + tokens.get(who));
    }
    String body = body(route);
    if (method.equals("POST") && !route.contains("/api/")) {
      headers.put("content-type", "application/x-www-form-urlencoded");
      body = "formToken=%s&repository=%s".formatted(forms.getOrDefault(who, "none"), name);
    } else if (!body.isEmpty()) {
      headers.put("content-type", "application/json");
    }
    return browser.send(method, address(route), body, headers);
  }

  private static String method(String route) {
    return route.substring(0, route.indexOf(' '));
  }

  private static String path(String route) {
    return route.substring(route.indexOf(' ') + 1);
  }

  private String address(String route) {
    String path =
        path(route)
            .replace("{repository}", id)
            .replace("{name}", "headers.schema.json")
            .replace("{artifact}", UUID.randomUUID().toString())
            .replace("{hookId}", hook)
            .replace("{uuid}", forgeHook.replaceAll("[{}]", ""))
            .replace("/static/*", "/static/cinch.css");
    return switch (route) {
      case "GET /api/v1/artifacts" ->
          path + "?repository=%s&size=10&sha256=%s".formatted(id, SHA256);
      case "PUT /api/v1/artifacts" -> path + "?repository=" + id;
      case "GET /api/v1/deliveries" -> path + "?repository=" + id;
      case "GET /api/v1/deliveries/{id}",
          "GET /api/v1/deliveries/{id}/body",
          "POST /api/v1/deliveries/{id}/replay" ->
          path.replace("{id}", delivery);
      case "GET /api/v1/releases/{id}" -> path.replace("{id}", release);
      case "GET /api/v1/dead-letters/{id}",
          "POST /api/v1/dead-letters/{id}/replay",
          "POST /api/v1/dead-letters/{id}/drop" ->
          path.replace("{id}", deadLetter);
      case "DELETE /api/v1/tokens/{id}" -> path.replace("{id}", freshToken());
      default -> path.replace("{id}", id);
    };
  }

  /** What makes a request of it that is answered well to whoever may. */
  private String body(String route) {
    return switch (route) {
      case "POST /api/v1/repositories" -> connection(name).encode();
      case "POST /api/v1/repositories/{id}/build-states" ->
          new JsonObject()
              .put("commit", "ab".repeat(20))
              .put("state", "running")
              .put("occurredAt", Instant.now().toString())
              .encode();
      case "POST /api/v1/releases" -> release().encode();
      case "POST /api/v1/tokens" -> new JsonObject().put("kind", "operator").encode();
      default -> "";
    };
  }

  private JsonObject release() {
    return new JsonObject()
        .put("repository", new JsonObject().put("id", id))
        .put("tag", "v1")
        .put(
            "files",
            new JsonArray()
                .add(
                    new JsonObject()
                        .put("name", "app")
                        .put("source", "https://runner.example/app")
                        .put("size", 10)
                        .put("sha256", SHA256)));
  }

  private String connect(String fullName) {
    stack.bitbucket().gitRepository(fullName);
    return stack.operator().post("/repositories", connection(fullName)).json().getString("id");
  }

  private JsonObject connection(String fullName) {
    return new JsonObject()
        .put("forge", "bitbucket-cloud")
        .put("fullName", fullName)
        .put("token", stack.bitbucket().token(fullName, "repository:write", "webhook"));
  }

  private String delivery() {
    String deliveries = "/repositories/" + id + "/deliveries";
    await().until(() -> !stack.operator().get(deliveries).json().getJsonArray("items").isEmpty());
    return stack
        .operator()
        .get(deliveries)
        .json()
        .getJsonArray("items")
        .getJsonObject(0)
        .getString("id");
  }

  /** One of this test's own, which nobody can replay as it is. */
  private String deadLetter() {
    var letter =
        new ProducerRecord<byte[], byte[]>(Topic.DEAD_LETTER.name(), null, new byte[] {'{'});
    long offset = UUID.randomUUID().getMostSignificantBits() >>> 8;
    Map.of(
            DeadLetterHeaders.TOPIC,
            Topic.BUILD_STATE.name(),
            DeadLetterHeaders.PARTITION,
            "0",
            DeadLetterHeaders.OFFSET,
            String.valueOf(offset))
        .forEach((name, text) -> letter.headers().add(name, text.getBytes(UTF_8)));
    stack.write(letter);
    String letterId = Topic.BUILD_STATE.name() + "-0-" + offset;
    await().until(() -> stack.operator().get("/dead-letters/" + letterId).status() == 200);
    return letterId;
  }

  private String freshToken() {
    JsonObject made =
        stack.operator().post("/tokens", new JsonObject().put("kind", "operator")).json();
    stack.log().hide(made.getString("token"));
    return made.getString("id");
  }

  private Browser signedIn(String who, String fullName, String permission) {
    stack.bitbucket().person(who + "-" + slug, fullName, permission);
    Browser browser = stack.browser();
    browser.signIn(who + "-" + slug);
    return browser;
  }

  /** What cannot be repeated comes last. */
  private static List<String> inOrder() {
    List<String> last =
        List.of(
            "POST /repositories/{id}/disconnect",
            "DELETE /api/v1/repositories/{id}",
            "POST /sign-out");
    return RightsTable.routes().stream()
        .filter(route -> !route.equals(ONLY_WITH_A_QUESTION))
        .sorted(Comparator.<String>comparingInt(last::indexOf).thenComparing(route -> route))
        .toList();
  }

  private Set<String> routes() {
    try (var service = new RunningService("routes", stack.context())) {
      Router router = Router.router(stack.context().vertx());
      Wiring.of(stack.config(), stack.context(), service).start(router);
      Set<String> routes = new TreeSet<>();
      collect(router, "", routes);
      return routes;
    }
  }

  /** Routes of all methods refuse what the others do not answer. */
  private static void collect(Router router, String mountedAt, Set<String> into) {
    for (Route route : router.getRoutes()) {
      String path = mountedAt + Objects.requireNonNullElse(route.getPath(), "");
      if (route.getSubRouter() != null) {
        collect(route.getSubRouter(), path.replaceAll("/\\*?$", ""), into);
      } else if (route.methods() != null) {
        for (HttpMethod method : route.methods()) {
          into.add(
              method
                  + " "
                  + path.replaceAll(":(\\w+)", "{$1}")
                  + (route.isExactPath() || path.endsWith("*") ? "" : "*"));
        }
      }
    }
  }
}
