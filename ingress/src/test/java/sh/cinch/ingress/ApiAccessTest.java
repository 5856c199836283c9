package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Reply;

@OnStack
class ApiAccessTest {

  private final Stack stack;
  private final Api operator;

  ApiAccessTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
  }

  @Test
  void everyOperationOfTheDocumentIsAnsweredAndOnlyToThoseWhoAreKnown() {
    JsonObject document = stack.anonymous().get("/openapi.json").json();

    assertThat(document.getString("openapi")).startsWith("3.1");
    assertThat(document.getJsonArray("servers").getJsonObject(0).getString("url"))
        .isEqualTo(stack.url() + "/api/v1");
    JsonObject paths = document.getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      for (String method : paths.getJsonObject(path).fieldNames()) {
        if (!method.equals("parameters")) {
          String verb = method.toUpperCase(Locale.ROOT);
          String address = path.replaceAll("\\{u*id}", UUID.randomUUID().toString());
          String body = verb.equals("POST") ? "{}" : "";

          Reply nobody = stack.anonymous().send(verb, address, body);
          assertThat(nobody.status()).as("nobody: " + verb + " " + path).isEqualTo(401);
          assertThat(nobody.header("www-authenticate")).as(verb + " " + path).isEqualTo("Bearer");
          assertThat(operator.send(verb, address, body).status())
              .as("operator: " + verb + " " + path)
              .isIn(200, 400, 404);
        }
      }
    }
  }

  @Test
  void wrongTokenIsNobody() {
    Reply refused = stack.with("cinch_guessed").get("/repositories");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
  }

  @Test
  void unknownAddressIsNotFound() {
    assertThat(operator.get("/nothing").status()).isEqualTo(404);
    assertThat(operator.get("/nothing").header("content-type"))
        .isEqualTo("application/problem+json");
  }

  @Test
  void anotherMethodIsToldThoseThereAre() {
    Reply refused = operator.send("PATCH", "/repositories/" + UUID.randomUUID(), "");

    assertThat(refused.status()).isEqualTo(405);
    assertThat(refused.header("allow").split(", ")).containsExactlyInAnyOrder("GET", "DELETE");
    assertThat(refused.header("content-type")).isEqualTo("application/problem+json");
    assertThat(operator.delete("/pushes").header("allow")).isEqualTo("GET");
    assertThat(operator.send("POST", "/artifacts", "{}").header("allow").split(", "))
        .containsExactlyInAnyOrder("GET", "PUT");
    assertThat(stack.anonymous().delete("/pushes").status()).isEqualTo(401);
  }

  @Test
  void whatABodyMayNotBeIsInTheDocument() {
    JsonObject paths = stack.anonymous().get("/openapi.json").json().getJsonObject("paths");
    for (String path : paths.fieldNames()) {
      JsonObject operations = paths.getJsonObject(path);
      for (String method : operations.fieldNames()) {
        if (!method.equals("parameters")
            && operations.getJsonObject(method).containsKey("requestBody")) {
          assertThat(operations.getJsonObject(method).getJsonObject("responses").fieldNames())
              .as(method + " " + path)
              .contains("408", "413", "415");
        }
      }
    }
  }

  @Test
  void theContractOfTheTopicsIsServedToEverybody() {
    JsonObject document = stack.anonymous().get("/asyncapi.json").json();

    JsonObject channels = document.getJsonObject("channels");
    assertThat(
            channels.fieldNames().stream()
                .map(name -> channels.getJsonObject(name).getString("address")))
        .containsExactlyInAnyOrderElementsOf(Topic.ALL.stream().map(Topic::name).toList());
    List<String> schemas =
        Pattern.compile("\"\\./(schemas/[^\"]+)\"")
            .matcher(document.encode())
            .results()
            .map(found -> found.group(1))
            .distinct()
            .toList();
    assertThat(schemas).hasSizeGreaterThan(Topic.ALL.size());
    for (String schema : schemas) {
      Reply served = stack.anonymous().get("/" + schema);
      assertThat(served.status()).as(schema).isEqualTo(200);
      assertThat(served.json().getString("$id")).as(schema).endsWith(schema.substring(7));
    }
    assertThat(stack.anonymous().get("/schemas/cinch.push.v1").status()).isEqualTo(200);
    assertThat(stack.anonymous().get("/schemas/..%2Fasyncapi.json").status()).isEqualTo(404);
  }

  @Test
  void hugeBodyIsRefused() {
    assertThat(operator.send("POST", "/tokens", "x".repeat(600_000)).status()).isEqualTo(413);
  }

  @Test
  void tokenIsShownOnceAndListedByItsPrefix() {
    Reply made =
        operator.post("/tokens", new JsonObject().put("kind", "operator").put("name", "laptop"));
    String token = made.json().getString("token");
    stack.log().hide(token);

    Reply listed = operator.get("/tokens");

    assertThat(made.status()).isEqualTo(201);
    assertThat(token).startsWith(made.json().getString("prefix"));
    assertThat(listed.body()).contains(made.json().getString("prefix")).doesNotContain(token);
    assertThat(stack.with(token).get("/tokens").status()).isEqualTo(200);
  }

  @Test
  void revokedTokenIsNobody() {
    JsonObject made = operator.post("/tokens", new JsonObject().put("kind", "operator")).json();

    Reply revoked = operator.delete("/tokens/" + made.getString("id"));

    assertThat(revoked.status()).isEqualTo(204);
    assertThat(stack.with(made.getString("token")).get("/tokens").status()).isEqualTo(401);
    assertThat(operator.delete("/tokens/" + made.getString("id")).status()).isEqualTo(404);
  }

  @Test
  void runnersTokenNamesRepositoriesThatAreThere() {
    JsonObject none = new JsonObject().put("kind", "runner");
    JsonObject unknown =
        none.copy().put("repositories", new JsonArray().add(UUID.randomUUID().toString()));

    assertThat(operator.post("/tokens", none).status()).isEqualTo(400);
    assertThat(operator.post("/tokens", unknown).status()).isEqualTo(404);
  }

  @Test
  void sessionReadsWithoutAndChangesOnlyWithItsFormToken() {
    Browser browser = stack.browser();
    browser.signIn("ada");

    assertThat(browser.get("/api/v1/repositories").status()).isEqualTo(200);
    assertThat(browser.post("/api/v1/repositories", "{}").status()).isEqualTo(403);
    assertThat(browser.get("/api/v1/tokens").status()).isEqualTo(403);
  }
}
