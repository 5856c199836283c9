package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.DigestUtils;
import org.jspecify.annotations.Nullable;

/**
 * Plays the ingress as a release sees it: artifacts that are continued, dry runs, idempotent
 * requests; and breaks what it is told to.
 */
final class FakeIngress implements AutoCloseable {

  static final String TOKEN = "cinch_t";
  static final String COMMIT = "b2".repeat(20);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+)");

  /** A PUT, as it was answered or broken off. */
  record Put(String sha256, @Nullable String range, String length, long received) {}

  /** One answer instead of the usual one. */
  record Instead(int status, Map<String, String> headers, String body) {
    static Instead problem(int status, String detail) {
      return new Instead(status, Map.of(), "{\"title\":\"no\",\"detail\":\"" + detail + "\"}");
    }
  }

  private static final class Artifact {
    final MessageDigest digest = DigestUtils.getSha256Digest();
    final long size;
    long stored;
    boolean complete;

    Artifact(long size) {
      this.size = size;
    }
  }

  final List<String> requests = new CopyOnWriteArrayList<>();
  final List<Put> puts = new CopyOnWriteArrayList<>();
  final List<JsonNode> released = new CopyOnWriteArrayList<>();
  final List<String> keys = new CopyOnWriteArrayList<>();

  /**
   * By method, path and dry run: what is answered once, one after the other, before anything
   * happens.
   */
  final Map<String, Deque<Instead>> instead = new ConcurrentHashMap<>();

  /** After how many bytes of its body each next PUT loses its connection. */
  final Deque<Long> cuts = new ConcurrentLinkedDeque<>();

  /** The release as it is looked at, one after the other; the last one stays. Empty: delivered. */
  final Deque<UnaryOperator<ObjectNode>> views = new ConcurrentLinkedDeque<>();

  /** What a dry run adds to its answer. */
  UnaryOperator<ObjectNode> plan = UnaryOperator.identity();

  /** What a PUT's answer becomes. */
  volatile UnaryOperator<String> stored = UnaryOperator.identity();

  /** Run when a byte of a body has come. */
  volatile Runnable whenBytesCome = () -> {};

  /** How many of the next bodies arrive damaged. */
  final AtomicInteger damaged = new AtomicInteger();

  /** Bytes of bodies that came although they were refused before. */
  final AtomicLong unwanted = new AtomicLong();

  private final Vertx vertx = Vertx.vertx();
  private final Map<String, Artifact> artifacts = new HashMap<>();
  private final Map<String, String> idByKey = new HashMap<>();
  private final int port;

  FakeIngress() throws Exception {
    port =
        vertx
            .createHttpServer()
            .requestHandler(this::handle)
            .listen(0, "localhost")
            .await()
            .actualPort();
  }

  String url() {
    return "http://localhost:" + port;
  }

  void instead(String methodAndPath, Instead... answers) {
    instead.computeIfAbsent(methodAndPath, key -> new ArrayDeque<>()).addAll(List.of(answers));
  }

  long count(String methodAndPath) {
    return requests.stream().filter(request -> request.startsWith(methodAndPath)).count();
  }

  @Override
  public void close() {
    vertx.close().await();
  }

  private void handle(HttpServerRequest request) {
    String path = request.path().substring("/api/v1".length());
    boolean dryRun = "true".equals(request.getParam("dryRun"));
    String route = request.method() + " " + path + (dryRun ? "?dryRun=true" : "");
    requests.add(request.method() + " " + request.uri().substring("/api/v1".length()));
    if (request.getHeader("Idempotency-Key") != null) {
      keys.add(request.getHeader("Idempotency-Key"));
    }
    Deque<Instead> answers = instead.get(route);
    Instead answer = answers == null ? null : answers.poll();
    if (answer != null) {
      request.handler(bytes -> unwanted.addAndGet(bytes.length()));
      answer(request, answer);
      return;
    }
    if (!("Bearer " + TOKEN).equals(request.getHeader("Authorization"))) {
      answer(request, Instead.problem(401, "who are you"));
      return;
    }
    switch (route) {
      case "GET /artifacts" -> stored(request);
      case "PUT /artifacts" -> put(request);
      case "POST /releases?dryRun=true" ->
          request
              .body()
              .onSuccess(
                  body ->
                      answer(request, 200, plan.apply(planned(json(body.toString()))).toString()));
      case "POST /releases" ->
          request.body().onSuccess(body -> release(request, json(body.toString())));
      default -> {
        if (route.startsWith("GET /releases/")) {
          view(request, path.substring("/releases/".length()));
        } else {
          answer(request, Instead.problem(404, "no such route"));
        }
      }
    }
  }

  private void stored(HttpServerRequest request) {
    Artifact artifact = artifacts.get(request.getParam("sha256"));
    if (artifact == null) {
      answer(request, Instead.problem(404, "nothing stored"));
      return;
    }
    ObjectNode body =
        JSON.createObjectNode()
            .put("size", artifact.size)
            .put("sha256", request.getParam("sha256"))
            .put("stored", artifact.stored)
            .put("complete", artifact.complete);
    if (artifact.complete) {
      body.put("id", id(request.getParam("sha256")));
    }
    answer(request, 200, body.toString());
  }

  private void put(HttpServerRequest request) {
    String digest = request.getHeader("Digest");
    String length = request.getHeader("Content-Length");
    if (length == null) {
      answer(request, Instead.problem(411, "no length"));
      return;
    }
    if (digest == null || !digest.startsWith("sha-256=")) {
      answer(request, Instead.problem(400, "no digest"));
      return;
    }
    String sha256 =
        HexFormat.of().formatHex(Base64.getDecoder().decode(digest.substring("sha-256=".length())));
    String range = request.getHeader("Content-Range");
    Matcher bounds = RANGE.matcher(range == null ? "" : range);
    boolean whole = !bounds.matches();
    long from = whole ? 0 : Long.parseLong(bounds.group(1));
    long size = whole ? Long.parseLong(length) : Long.parseLong(bounds.group(3));
    Artifact known = artifacts.get(sha256);
    if (known != null && known.complete) {
      answer(request, 200, artifact(sha256, size));
      return;
    }
    if (whole || known == null) {
      known = new Artifact(size);
    }
    if (from != known.stored || (!whole && Long.parseLong(length) != size - from)) {
      answer(
          request,
          409,
          "{\"detail\":\"go on at %d\",\"stored\":%d,\"size\":%d}"
              .formatted(known.stored, known.stored, size));
      return;
    }
    artifacts.put(sha256, known);
    receive(request, sha256, known, range, length);
  }

  private void receive(
      HttpServerRequest request,
      String sha256,
      Artifact artifact,
      @Nullable String range,
      String length) {
    if (request.getHeader("Expect") != null) {
      request.response().writeContinue();
    }
    Long cut = cuts.poll();
    long[] received = {0};
    boolean[] broken = {false};
    request.handler(
        bytes -> {
          if (broken[0]) {
            return;
          }
          int count = bytes.length();
          if (cut != null && received[0] + count >= cut) {
            count = (int) (cut - received[0]);
            broken[0] = true;
          }
          received[0] += count;
          artifact.digest.update(bytes.getBytes(), 0, count);
          artifact.stored += count;
          whenBytesCome.run();
          if (broken[0]) {
            puts.add(new Put(sha256, range, length, received[0]));
            request.connection().close();
          }
        });
    request.endHandler(
        end -> {
          puts.add(new Put(sha256, range, length, received[0]));
          String is = HexFormat.of().formatHex(artifact.digest.digest());
          if (damaged.getAndUpdate(left -> Math.max(0, left - 1)) > 0 || !is.equals(sha256)) {
            artifacts.remove(sha256);
            answer(request, Instead.problem(422, "the bytes have another digest"));
            return;
          }
          artifact.complete = true;
          answer(request, 201, stored.apply(artifact(sha256, artifact.size)));
        });
  }

  private static String artifact(String sha256, long size) {
    return "{\"id\":\"%s\",\"size\":%d,\"sha256\":\"%s\",\"expiresAt\":\"2026-12-31T00:00:00Z\"}"
        .formatted(id(sha256), size, sha256);
  }

  private static String id(String sha256) {
    return "a-" + sha256.substring(0, 8);
  }

  private static ObjectNode planned(ObjectNode request) {
    ObjectNode plan = JSON.createObjectNode();
    plan.putObject("repository")
        .put("id", "r-1")
        .put("forge", request.path("repository").path("forge").asText())
        .put("fullName", request.path("repository").path("fullName").asText());
    plan.put("tag", request.path("tag").asText());
    plan.put("commit", request.path("commit").asText(COMMIT));
    var files = plan.putArray("files");
    for (JsonNode file : request.path("files")) {
      files
          .addObject()
          .put("name", file.path("name").asText())
          .put("download", file.path("name").asText())
          .put("size", file.path("size").asLong());
    }
    if (request.path("options").path("checksums").asBoolean(true)) {
      plan.put("checksums", request.path("tag").asText() + "-SHA256SUMS");
    }
    plan.putArray("warnings");
    return plan;
  }

  private void release(HttpServerRequest request, ObjectNode body) {
    for (JsonNode file : body.path("files")) {
      Artifact artifact = artifacts.get(file.path("sha256").asText());
      if (artifact == null
          || !artifact.complete
          || !file.path("source").asText().equals("artifact:" + id(file.path("sha256").asText()))) {
        answer(request, Instead.problem(422, "no such artifact"));
        return;
      }
    }
    String key = request.getHeader("Idempotency-Key");
    String id =
        idByKey.computeIfAbsent(
            key,
            unknown -> {
              released.add(body);
              return "rel-" + released.size();
            });
    answer(request, 202, "{\"id\":\"" + id + "\"}");
  }

  private void view(HttpServerRequest request, String id) {
    JsonNode asked = released.get(Integer.parseInt(id.substring("rel-".length())) - 1);
    ObjectNode view = delivered(id, asked);
    UnaryOperator<ObjectNode> next = views.size() > 1 ? views.poll() : views.peek();
    answer(request, 200, (next == null ? view : next.apply(view)).toString());
  }

  static ObjectNode delivered(String id, JsonNode asked) {
    ObjectNode view = JSON.createObjectNode().put("id", id);
    view.putObject("repository")
        .put("id", "r-1")
        .put("forge", "bitbucket-cloud")
        .put("fullName", "acme/app");
    view.put("tag", asked.path("tag").asText()).put("commit", asked.path("commit").asText());
    view.put("state", "delivered").putArray("warnings");
    var files = view.putArray("files");
    for (JsonNode file : asked.path("files")) {
      String name = file.path("name").asText();
      files
          .addObject()
          .put("name", name)
          .put("download", name)
          .put("size", file.path("size").asLong())
          .put("sha256", file.path("sha256").asText())
          .put("state", "delivered")
          .put("httpStatus", 201)
          .put("attempts", 1)
          .put("url", "https://bitbucket.org/acme/app/downloads/" + name)
          .putArray("warnings");
    }
    return view.put("requestedAt", "2026-11-26T10:00:00Z").put("updatedAt", "2026-11-26T10:00:01Z");
  }

  private static void answer(HttpServerRequest request, Instead answer) {
    answer.headers().forEach(request.response()::putHeader);
    answer(request, answer.status(), answer.body());
  }

  private static void answer(HttpServerRequest request, int status, String body) {
    request
        .response()
        .setStatusCode(status)
        .putHeader("Content-Type", status < 300 ? "application/json" : "application/problem+json")
        .end(body);
  }

  private static ObjectNode json(String text) {
    try {
      return (ObjectNode) JSON.readTree(text);
    } catch (java.io.IOException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static String sha256(String content) {
    return DigestUtils.sha256Hex(content);
  }
}
