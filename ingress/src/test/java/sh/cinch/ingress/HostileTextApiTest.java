package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.testkit.Reply;

/**
 * Every text that the API takes, found in its own document: what no text may be is refused at once,
 * and never accepted and given up later.
 */
@OnStack
class HostileTextApiTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String MARK = "@@";

  /** Instead of a text, as JSON spells them. */
  private static final Map<String, String> BAD =
      Map.of(
          "NUL", "\"a\\u0000b\"",
          "an escape", "\"a\\u001bb\"",
          "half a character", "\"a\\ud800b\"",
          "too long", "\"" + "x".repeat(200_000) + "\"",
          "a list", "[[]]");

  /** Instead of a parameter, as an address spells them. */
  private static final List<String> BAD_PARAMETERS =
      List.of("%00", "a%00b", "%1B", "%ED%A0%80", "x".repeat(5_000), "-1", "9".repeat(30), "1e400");

  /** Of the bad ones those that a parameter of free text may well be. */
  private static final Set<String> READABLE = Set.of("-1", "9".repeat(30), "1e400");

  private static final Set<String> FREE_TEXT = Set.of("reason", "ref", "consumer");

  /** What its value may say is up to the topic that it goes to: DeadLetterApiTest has that. */
  private static final Set<String> OF_A_TOPIC = Set.of("replayDeadLetter");

  private static final Set<String> WITHOUT_TEXTS = Set.of("replayDelivery");

  private final Stack stack;
  private final Api operator;
  private final String name = "acme/" + Stack.slug();
  private final JsonNode document = document();
  private String id = "";
  private String token = "";

  HostileTextApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
  }

  @BeforeEach
  void connect() {
    stack.bitbucket().repository(name);
    stack.bitbucket().tag(name, "v1");
    token = stack.bitbucket().token(name, "repository", "webhook");
    Reply made = operator.send("POST", "/repositories", sample("connectRepository").toString());
    id = made.json().getString("id");
  }

  @Test
  void everyTextOfEveryBodyIsRefusedWhereItIsNone() {
    List<String> taken = new ArrayList<>();
    int bodies = 0;
    for (Operation operation : operations()) {
      JsonNode schema = operation.node().at("/requestBody/content/application~1json/schema");
      if (!hasTexts(operation, schema)) {
        continue;
      }
      bodies++;
      ObjectNode good = sample(operation.id());
      assertThat(send(operation, good.toString()).status()).as(operation.id()).isLessThan(300);
      for (String pointer : texts("", good)) {
        for (Map.Entry<String, String> bad : BAD.entrySet()) {
          Reply reply = send(operation, with(good, pointer, bad.getValue()));
          if (reply.status() != 400 || !isProblem(reply)) {
            taken.add("%s%s: %s → %s".formatted(operation.id(), pointer, bad.getKey(), reply));
          }
        }
      }
    }
    assertThat(taken).isEmpty();
    assertThat(bodies).as("operations with a body").isEqualTo(4);
  }

  private static boolean hasTexts(Operation operation, JsonNode schema) {
    return !schema.isMissingNode()
        && !OF_A_TOPIC.contains(operation.id())
        && !WITHOUT_TEXTS.contains(operation.id());
  }

  /** The samples have every text there is. */
  @Test
  void everyTextOfTheDocumentIsTried() {
    for (Operation operation : operations()) {
      JsonNode schema = operation.node().at("/requestBody/content/application~1json/schema");
      if (hasTexts(operation, schema)) {
        assertThat(texts("", sample(operation.id())))
            .as(operation.id())
            .containsExactlyInAnyOrderElementsOf(described("", resolved(schema)));
      }
    }
  }

  @Test
  void everyParameterIsRefusedWhereItIsNone() {
    List<String> wrong = new ArrayList<>();
    for (Operation operation : operations()) {
      for (JsonNode parameter : operation.parameters()) {
        for (String bad : BAD_PARAMETERS) {
          String path = operation.path();
          String named = parameter.path("name").asText();
          if (FREE_TEXT.contains(named) && READABLE.contains(bad)) {
            continue;
          }
          switch (parameter.path("in").asText()) {
            case "path" -> path = path.replace("{" + named + "}", bad);
            case "query" -> path = path + "?" + named + "=" + bad;
            default -> {
              continue;
            }
          }
          Reply reply = send(operation, path, operation.hasBody() ? "{}" : "");
          if (reply.status() < 400 || reply.status() >= 500 || !isProblem(reply)) {
            wrong.add("%s %s=%.20s → %.300s".formatted(operation.id(), named, bad, reply));
          }
        }
      }
    }
    assertThat(wrong).isEmpty();
  }

  /** What anybody's home page would have to show. */
  @Test
  void twentyFiveBuildStatesOfLongNamesAreRefused() {
    for (int i = 0; i < 25; i++) {
      ObjectNode state = sample("reportBuildState").put("key", "unit-" + i);
      state.put("name", "n".repeat(200_000)).put("description", "d".repeat(200_000));
      Reply refused =
          operator.send("POST", "/repositories/" + id + "/build-states", state.toString());

      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().getString("detail"))
          .isEqualTo("field 'name' is longer than 1000 characters");
    }
  }

  private ObjectNode sample(String operation) {
    String text =
        switch (operation) {
          case "connectRepository" ->
              """
              {"forge":"bitbucket-cloud","fullName":"%s","token":"%s","email":null,
               "expiresAt":"2099-01-31"}
              """
                  .formatted(name, token)
                  .replace("\"email\":null,", "");
          case "reportBuildState" ->
              """
              {"repository":{"id":"%s","forge":"bitbucket-cloud","fullName":"%s"},"commit":"%s",
               "ref":"main","key":"k","name":"n","number":"1","state":"running","description":"d",
               "url":"https://ci.example.com/1","sequence":"2","occurredAt":"%s","deliveryId":"d",
               "pushId":"p"}
              """
                  .formatted(id, name, "b2".repeat(20), Instant.now());
          case "createRelease" ->
              """
              {"repository":{"id":"%s","forge":"bitbucket-cloud","fullName":"%s"},"tag":"v1",
               "commit":"%s","options":{"name":"{name}"},
               "files":[{"name":"app","source":"https://runner.example/app","size":"3",
                         "sha256":"%s","contentType":"text/plain"}]}
              """
                  .formatted(id, name, commit(), "c".repeat(64));
          case "createToken" ->
              """
              {"kind":"runner","repositories":["%s"],"name":"n"}
              """
                  .formatted(id);
          default -> throw new AssertionError("no sample of " + operation);
        };
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** What the tag points to. */
  private String commit() {
    String request =
        """
        {"repository":{"id":"%s"},"tag":"v1","files":[{"name":"a","size":1,"sha256":"%s"}]}
        """
            .formatted(id, "c".repeat(64));
    return operator
        .send("POST", "/releases?dryRun=true", request)
        .json()
        .getString("commit", "b2".repeat(20));
  }

  private static String with(ObjectNode good, String pointer, String bad) {
    ObjectNode changed = good.deepCopy();
    int slash = pointer.lastIndexOf('/');
    JsonNode parent = changed.at(pointer.substring(0, slash));
    String last = pointer.substring(slash + 1);
    if (parent instanceof ArrayNode list) {
      list.set(Integer.parseInt(last), MARK);
    } else {
      ((ObjectNode) parent).put(last, MARK);
    }
    return changed.toString().replace("\"" + MARK + "\"", bad);
  }

  private static List<String> texts(String pointer, JsonNode value) {
    List<String> found = new ArrayList<>();
    if (value.isTextual()) {
      found.add(pointer);
    }
    for (int i = 0; i < value.size() && value.isArray(); i++) {
      found.addAll(texts(pointer + "/" + i, value.get(i)));
    }
    value
        .properties()
        .forEach(field -> found.addAll(texts(pointer + "/" + field.getKey(), field.getValue())));
    return found;
  }

  private List<String> described(String pointer, JsonNode schema) {
    List<String> found = new ArrayList<>();
    if (schema.path("type").toString().contains("string") || schema.has("enum")) {
      found.add(pointer);
    }
    if (schema.has("items")) {
      found.addAll(described(pointer + "/0", resolved(schema.get("items"))));
    }
    schema
        .path("properties")
        .properties()
        .forEach(
            field ->
                found.addAll(
                    described(pointer + "/" + field.getKey(), resolved(field.getValue()))));
    found.remove("/email"); // an access token has none
    return found;
  }

  private JsonNode resolved(JsonNode schema) {
    return schema.has("$ref") ? document.at(schema.get("$ref").asText().substring(1)) : schema;
  }

  private record Operation(
      String id, String method, String path, JsonNode node, List<JsonNode> parameters) {
    boolean hasBody() {
      return node.has("requestBody");
    }
  }

  private List<Operation> operations() {
    List<Operation> all = new ArrayList<>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        method -> {
                          if (method.getValue().has("operationId")) {
                            List<JsonNode> parameters = new ArrayList<>();
                            path.getValue().path("parameters").forEach(parameters::add);
                            method.getValue().path("parameters").forEach(parameters::add);
                            all.add(
                                new Operation(
                                    method.getValue().path("operationId").asText(),
                                    method.getKey(),
                                    path.getKey(),
                                    method.getValue(),
                                    parameters));
                          }
                        }));
    return all;
  }

  private Reply send(Operation operation, String body) {
    return send(operation, operation.path(), body);
  }

  private Reply send(Operation operation, String path, String body) {
    String repository = path.startsWith("/repositories") ? id : UUID.randomUUID().toString();
    return operator.send(
        operation.method().toUpperCase(java.util.Locale.ROOT),
        path.replace("{id}", repository).replace("{uuid}", UUID.randomUUID().toString()),
        body);
  }

  private static boolean isProblem(Reply reply) {
    return reply.header("content-type").startsWith("application/problem+json")
        && reply.header("x-content-type-options").equals("nosniff");
  }

  private static JsonNode document() {
    try (InputStream in =
        Objects.requireNonNull(HostileTextApiTest.class.getResourceAsStream("/openapi.json"))) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
