package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.StatusEvents;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

/** Every paged list of the API: each has two items here. */
@OnStack
class PagingApiTest {

  private final Stack stack;
  private final Api operator;
  private List<String> lists = List.of();

  PagingApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
  }

  @BeforeEach
  void fill() {
    String name = "acme/" + Stack.slug();
    connect("acme/" + Stack.slug());
    String id = connect(name);
    String address = "/repositories/" + id;
    stack.bitbucket().tag(name, "v1");
    for (String key : List.of("one", "a b ü")) {
      stack.bitbucket().push(name);
      operator.post("/tokens", new JsonObject().put("kind", "operator").put("name", key));
      stack.write(StatusEvents.of(UUID.fromString(id), key).stands(1));
      assertThat(operator.post("/releases", release(id)).status()).isEqualTo(202);
    }
    lists =
        List.of(
            "/repositories",
            address + "/deliveries",
            address + "/statuses",
            address + "/releases",
            "/tokens");
    lists.forEach(list -> await().until(() -> items(operator.get(list)).size() >= 2));
  }

  @Test
  void thePagesOfEachListAreTheList() {
    for (String list : lists) {
      Reply first = operator.get(list + "?limit=1");
      Reply second = operator.get(list + "?limit=1&cursor=" + first.json().getString("next"));

      List<Object> pages = new ArrayList<>();
      pages.addAll(items(first));
      pages.addAll(items(second));
      assertThat(pages).as(list).isEqualTo(items(operator.get(list + "?limit=2")));
    }
  }

  @Test
  void aCursorOfAnotherListIsRefused() {
    for (String list : lists) {
      String next = operator.get(list + "?limit=1").json().getString("next");
      lists.stream()
          .filter(other -> !other.equals(list))
          .forEach(other -> assertRefused(other, next));
    }
  }

  @Test
  void aMalformedCursorIsRefused() {
    for (String list : lists) {
      String next = operator.get(list + "?limit=1").json().getString("next");
      String name = decoded(next).substring(0, decoded(next).indexOf('\0'));
      Stream.of(
              "abc",
              "%25%25%25",
              encoded(name),
              encoded(name + "\0yesterday\0a\0b\0c"),
              encoded(decoded(next) + "\0more"),
              encoded(decoded(next).replaceFirst("\0[^\0]*", "\0yesterday")),
              // A time that no database has.
              encoded(decoded(next).replaceFirst("\0[^\0]*", "\0+999999999-01-01T00:00:00Z")))
          .forEach(cursor -> assertRefused(list, cursor));
    }
  }

  private void assertRefused(String list, String cursor) {
    Reply refused = operator.get(list + "?cursor=" + cursor);
    assertThat(refused.status()).as("%s?cursor=%s", list, cursor).isEqualTo(400);
    assertThat(refused.json().getString("title")).isIn("Bad cursor", "Malformed request");
  }

  private static String decoded(String cursor) {
    return new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<?> items(Reply reply) {
    return reply.json().getJsonArray("items").getList();
  }

  private String connect(String name) {
    stack.bitbucket().repository(name);
    String token = stack.bitbucket().token(name, "repository", "webhook");
    Reply made =
        operator.post(
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", name)
                .put("token", token));
    return made.json().getString("id");
  }

  private static JsonObject release(String repository) {
    JsonObject file =
        new JsonObject()
            .put("name", "app")
            .put("source", "https://runner.example/app")
            .put("size", 3)
            .put("sha256", "c".repeat(64));
    return new JsonObject()
        .put("repository", new JsonObject().put("id", repository))
        .put("tag", "v1")
        .put("files", new io.vertx.core.json.JsonArray().add(file));
  }
}
