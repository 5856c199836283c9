package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.embedded.Database;
import sh.cinch.local.stack.Stack;
import sh.cinch.schema.topic.Topic;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TopicWriter;

/** What the tables grow by: docs/operations.md has the figures. */
class GrowthTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int PUSHES = Scale.of(10, 1_000);
  private static final int PUSHES_A_RELEASE = Scale.of(10, 50);
  private static final int RELEASES = PUSHES / PUSHES_A_RELEASE;
  private static final int FILES = 3;
  private static final String FULL_NAME = "acme/growing";

  /** Rows that a push, and a release, leave in each. */
  private static final Map<String, Integer> ROWS =
      Map.ofEntries(
          Map.entry("ingress.delivery", PUSHES),
          Map.entry("ingress.delivery_body", PUSHES),
          Map.entry("ingress.push", PUSHES + RELEASES),
          Map.entry("ingress.reported_state", 2 * PUSHES),
          Map.entry("ingress.requested_artifact", FILES * RELEASES),
          Map.entry("ingress.requested_release", RELEASES),
          Map.entry("ingress.shown_release", RELEASES),
          Map.entry("ingress.shown_status", PUSHES),
          Map.entry("release_worker.download", (FILES + 1) * RELEASES),
          Map.entry("release_worker.release", RELEASES),
          Map.entry("release_worker.release_file", (FILES + 1) * RELEASES),
          Map.entry("status_worker.build_report", 2 * PUSHES),
          Map.entry("status_worker.commit_status", PUSHES),
          Map.entry("status_worker.push", PUSHES + RELEASES),
          Map.entry("status_worker.status", PUSHES));

  @TempDir private static Path home;
  private static Stack stack;
  private static SimulatedBitbucket bitbucket;
  private static TopicWriter writer;
  private static Api api;

  @BeforeAll
  static void start() {
    stack = TestStack.start(home, Map.of("CINCH_BITBUCKET_HOURLY_LIMIT", "0"));
    bitbucket = SimulatedBitbucket.at(stack.addresses().simulator().orElseThrow());
    bitbucket.setting("hourlyLimit", 0);
    writer = new TopicWriter(stack.addresses().kafka());
    api = new Api(stack.addresses());
  }

  @AfterAll
  static void stop() {
    writer.close();
    stack.close();
  }

  @Test
  void aThousandPushesLeaveSoMuch() throws Exception {
    String id = connect();
    Map<String, Size> before = sizes();

    List<String> commits = new ArrayList<>();
    for (int i = 0; i < PUSHES; i++) {
      commits.add(push(i));
    }
    awaitRows("ingress.push", "true", PUSHES + RELEASES);
    awaitRows("ingress.delivery_body", "true", PUSHES);
    awaitRows("status_worker.push", "true", PUSHES + RELEASES);
    report(id, commits, "running", "Build is running");
    report(id, commits, "success", "Build passed in 2m 34s");
    for (int i = 0; i < RELEASES; i++) {
      release(id, "v" + i, commits.get((i + 1) * PUSHES_A_RELEASE - 1));
    }
    awaitRows("ingress.shown_release", "state = 'delivered'", RELEASES);

    Map<String, Size> after = sizes();
    Map<String, Integer> rows = new TreeMap<>();
    Proof proof =
        Proof.of("Growth of the tables")
            .that(
                ("%d pushes to one repository, each one delivery and one build of one key, reported"
                        + " as running and as success, both shown; every %dth brings a tag too and"
                        + " is released, %d files and their checksums. Sizes are of table and"
                        + " indexes as they are then, not packed")
                    .formatted(PUSHES, PUSHES_A_RELEASE, FILES));
    after.forEach(
        (table, size) -> {
          Size grown = size.less(Objects.requireNonNull(before.get(table)));
          rows.put(table, grown.rows());
          proof.figure(
              table,
              String.format(Locale.ROOT, "%d rows, %.2f MB", grown.rows(), grown.bytes() / 1e6));
        });
    proof.written();
    assertThat(rows).isEqualTo(new TreeMap<>(ROWS));
  }

  private record Size(int rows, long bytes) {
    Size less(Size other) {
      return new Size(rows - other.rows, bytes - other.bytes);
    }
  }

  private static String connect() throws Exception {
    bitbucket.repository(FULL_NAME);
    String body =
        JSON.writeValueAsString(
            Map.of(
                "forge",
                "bitbucket-cloud",
                "fullName",
                FULL_NAME,
                "token",
                bitbucket.token(FULL_NAME, "repository", "repository:write", "webhook")));
    return JSON.readTree(api.call("POST", "/repositories", body).body()).path("id").asText();
  }

  private static String push(int i) {
    String commit = "%040x".formatted(i + 1);
    List<Map<String, String>> changes =
        new ArrayList<>(List.of(Map.of("ref", "refs/heads/main", "to", commit)));
    if ((i + 1) % PUSHES_A_RELEASE == 0) {
      changes.add(Map.of("ref", "refs/tags/v" + i / PUSHES_A_RELEASE, "to", commit));
    }
    bitbucket.push(FULL_NAME, changes);
    return commit;
  }

  private static void report(String id, List<String> commits, String state, String description)
      throws Exception {
    for (String commit : commits) {
      int number = commits.indexOf(commit);
      writer.write(
          Topic.BUILD_STATE,
          id + ":" + commit,
          JSON.writeValueAsString(
              Map.of(
                  "repository",
                  Map.of("id", id),
                  "commit",
                  commit,
                  "ref",
                  "refs/heads/main",
                  "key",
                  "unit-tests",
                  "name",
                  "Unit tests",
                  "number",
                  String.valueOf(number),
                  "state",
                  state,
                  "description",
                  description,
                  "url",
                  "https://ci.example.com/acme/growing/jobs/" + number,
                  "occurredAt",
                  Instant.now().toString())),
          Map.of("content-type", "application/json", "ce_type", Topic.BUILD_STATE.type()));
    }
    awaitRows(
        "ingress.shown_status",
        "event::json ->> 'wanted' = '%s' and event::json ->> 'outcome' = 'delivered'"
            .formatted(state),
        PUSHES);
  }

  private static void release(String id, String tag, String commit) throws Exception {
    List<Map<String, Object>> files = new ArrayList<>();
    for (int i = 0; i < FILES; i++) {
      String content = "file %d of %s".formatted(i, tag);
      String sha256 = DigestUtils.sha256Hex(content);
      files.add(
          Map.of(
              "name",
              "app-linux-" + i,
              "size",
              content.length(),
              "sha256",
              sha256,
              "source",
              "artifact:" + artifact(id, content, sha256)));
    }
    String body =
        JSON.writeValueAsString(
            Map.of(
                "repository",
                Map.of("id", id),
                "tag",
                tag,
                "commit",
                commit,
                "options",
                Map.of("name", "{tag}-{name}", "checksums", true),
                "files",
                files));
    assertThat(api.call("POST", "/releases", body).status()).isEqualTo(202);
  }

  private static String artifact(String id, String content, String sha256) throws Exception {
    String digest = Base64.getEncoder().encodeToString(HexFormat.of().parseHex(sha256));
    JsonNode stored =
        JSON.readTree(
            Http.send(
                    "PUT",
                    stack.addresses().ingress() + "/api/v1/artifacts?repository=" + id,
                    Map.of(
                        "Authorization",
                        "Bearer " + stack.addresses().apiToken(),
                        "Digest",
                        "sha-256=" + digest),
                    content)
                .body());
    return stored.path("id").asText();
  }

  private static void awaitRows(String table, String which, int count) {
    await()
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(200))
        .until(() -> number("select count(*) from %s where %s".formatted(table, which)) == count);
  }

  private static Map<String, Size> sizes() throws SQLException {
    Map<String, Size> sizes = new TreeMap<>();
    for (String table : ROWS.keySet()) {
      sizes.put(
          table,
          new Size(
              (int) number("select count(*) from " + table),
              number("select pg_total_relation_size('" + table + "')")));
    }
    return sizes;
  }

  private static long number(String query) throws SQLException {
    Database database = stack.addresses().database();
    try (Connection connection =
            DriverManager.getConnection(database.url(), database.user(), database.password());
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return result.getLong(1);
    }
  }
}
