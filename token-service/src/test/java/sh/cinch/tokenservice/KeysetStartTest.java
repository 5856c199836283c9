package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.CuttableConnection;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;

/** A service with the wrong keyset, or with none, serves nobody and harms nothing. */
class KeysetStartTest {

  private static final Pattern KEY = Pattern.compile("\"value\":\"([^\"]+)\"");
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Stack stack = new Stack(Backends.emptyDatabase());
  private final Keyset keyset = Keyset.fresh();
  private final Vault right = Vault.open(keyset.text());

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void withTheWrongKeysetItDoesNotStartAndChangesNothing() {
    fill();
    SortedMap<String, List<String>> before = Backends.dump(stack.database);
    Keyset other = Keyset.fresh();

    assertThatThrownBy(() -> stack.start(Vault.open(other.text())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "CINCH_KEYSET does not fit the database",
            "encrypted with key " + keyset.primary(),
            "the keyset has key " + other.primary(),
            "Nothing was changed",
            "Start with the keyset");

    assertThat(Backends.dump(stack.database)).isEqualTo(before);
    try (Instance instance = stack.start(right)) {
      assertThat(instance.management("/health/ready").status()).isEqualTo(200);
    }
  }

  @Test
  void withAnotherKeyOfTheSameIdItDoesNotStartAndChangesNothing() {
    fill();
    SortedMap<String, List<String>> before = Backends.dump(stack.database);

    assertThatThrownBy(() -> stack.start(Vault.open(otherKeys())))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContainingAll(
            "It has a key " + keyset.primary(), "another key with the same id");

    assertThat(Backends.dump(stack.database)).isEqualTo(before);
  }

  @Test
  void aProcessWithoutAKeysetOrWithTheWrongOneEndsWithCodeTwo() {
    Map<String, String> environment = environment();
    assertThat(run(environment))
        .startsWith("2 ")
        .contains("token-service cannot start.", "CINCH_KEYSET is missing");
    environment.put("CINCH_KEYSET", "{\"key\":\"hunter2\"}");
    assertThat(run(environment))
        .startsWith("2 ")
        .contains("CINCH_KEYSET: not a Tink keyset")
        .doesNotContain("hunter2");
    assertThat(Backends.dump(stack.database)).as("not even tables").isEmpty();

    fill();
    SortedMap<String, List<String>> before = Backends.dump(stack.database);
    environment.put("CINCH_KEYSET", Vault.newKeyset().reveal());
    assertThat(run(environment))
        .startsWith("2 ")
        .contains("token-service cannot start.", "CINCH_KEYSET does not fit the database");
    assertThat(Backends.dump(stack.database)).isEqualTo(before);
  }

  @Test
  void withTheWrongKeysetNoMigrationRuns() {
    fill();
    try (Instance instance = stack.start(right)) {
      // As the release before has left it.
      instance
          .sql()
          .execute(
              "delete from flyway_schema_history where installed_rank ="
                  + " (select max(installed_rank) from flyway_schema_history)");
    }
    SortedMap<String, List<String>> before = Backends.dump(stack.database);
    Map<String, String> environment = environment();
    environment.put("CINCH_KEYSET", Vault.newKeyset().reveal());

    assertThat(run(environment)).startsWith("2 ").contains("CINCH_KEYSET does not fit");

    assertThat(Backends.dump(stack.database)).isEqualTo(before);
  }

  @Test
  void anEmptyDatabaseIsMadeWithWhateverKeysetIsGiven() throws Exception {
    Map<String, String> environment = environment();
    environment.put("CINCH_KEYSET", keyset.text().reveal());

    try (AutoCloseable running = Main.start(environment)) {
      assertThat(Backends.dump(stack.database)).containsKey("token_service.credential");
    }
  }

  @Test
  void withoutPostgresqlItWaitsAndServesOnceTheKeysetIsKnownToFit() {
    UUID credential = fill();
    CuttableConnection database = away();

    Instance instance = stack.start(right, stack.through(database));
    assertThat(instance.management("/health/ready").body())
        .contains("keyset: whether the keyset fits is not known yet");
    assertThat(instance.lease(credential).status()).isEqualTo(503);
    assertThat(instance.exchange("any-code").status()).isEqualTo(503);
    assertThat(instance.management("/keyset").status()).isEqualTo(503);
    assertThat(instance.call("nobody", "GET", "/v1/credentials/" + credential, "").status())
        .isEqualTo(401);

    database.mend();
    await()
        .atMost(SOON)
        .until(() -> instance.management("/health/ready").status(), status -> status == 200);
    assertThat(instance.lease(credential).status()).isEqualTo(201);
  }

  @Test
  void aKeysetThatTurnsOutNotToFitKeepsItUnready(@TempDir Path folder) throws IOException {
    UUID credential = fill();
    CuttableConnection database = away();
    Path file = Files.writeString(folder.resolve("keyset.json"), Vault.newKeyset().reveal());

    Instance instance = stack.start(Vault.openFile(file), stack.through(database));
    database.mend();
    await()
        .atMost(SOON)
        .until(
            () -> instance.management("/health/ready").body(),
            body -> body.contains("keyset: CINCH_KEYSET does not fit the database"));
    List<String> before = Backends.dump(stack.database).get("token_service.credential");
    assertThat(instance.lease(credential))
        .returns(503, Reply::status)
        .extracting(Reply::body)
        .asString()
        .contains("management port")
        .doesNotContain(keyset.primary().toString());
    assertThat(instance.exchange(stack.forge.authorize("ada")).status()).isEqualTo(503);
    assertThat(instance.management("/health/ready").status()).isEqualTo(503);
    assertThat(instance.management("/keyset").text("detail"))
        .contains(keyset.primary() + " is missing");
    assertThat(Backends.dump(stack.database).get("token_service.credential")).isEqualTo(before);

    Files.writeString(file, keyset.text().reveal());
    await().atMost(SOON).until(() -> instance.lease(credential).status(), status -> status == 201);
  }

  /** A PostgreSQL that cannot be reached yet. */
  private CuttableConnection away() {
    CuttableConnection database =
        stack.running.with(CuttableConnection.to(TestServers.shared().postgresPort()));
    database.cut();
    return database;
  }

  private UUID fill() {
    try (Instance instance = stack.start(right)) {
      UUID first = stack.connect(instance, "ada");
      stack.connect(instance, "bo");
      return first;
    }
  }

  /** The same ids as in the right one. */
  private Secret otherKeys() {
    return Secret.of(KEY.matcher(keyset.text().reveal()).replaceAll(KeysetStartTest::changed));
  }

  private static String changed(MatchResult value) {
    byte[] key = Base64.getDecoder().decode(value.group(1));
    key[key.length - 1] ^= 1;
    return Matcher.quoteReplacement(
        "\"value\":\"" + Base64.getEncoder().encodeToString(key) + "\"");
  }

  private Map<String, String> environment() {
    return new HashMap<>(
        Map.ofEntries(
            Map.entry("CINCH_HOST", "127.0.0.1"),
            Map.entry("CINCH_PORT", "0"),
            Map.entry("CINCH_MANAGEMENT_HOST", "127.0.0.1"),
            Map.entry("CINCH_MANAGEMENT_PORT", "0"),
            Map.entry("CINCH_KAFKA", Backends.kafka().bootstrapServers()),
            Map.entry(
                "CINCH_KAFKA_PROPERTIES", Backends.kafka().properties().orElseThrow().toString()),
            Map.entry("CINCH_DATABASE_URL", stack.database.url()),
            Map.entry("CINCH_DATABASE_USER", stack.database.user()),
            Map.entry("CINCH_DATABASE_PASSWORD", stack.database.password().reveal()),
            Map.entry("CINCH_BITBUCKET_CLIENT_ID", SimulatedBitbucket.CLIENT_ID),
            Map.entry("CINCH_BITBUCKET_CLIENT_SECRET", SimulatedBitbucket.CLIENT_SECRET),
            Map.entry("CINCH_BITBUCKET_URL", stack.forge.url().toString()),
            Map.entry("CINCH_SERVICE_SECRETS", Instance.CALLERS)));
  }

  /** The exit code, and what it says, between what other tests' instances log meanwhile. */
  private static String run(Map<String, String> environment) {
    PrintStream console = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      int code = ServiceProcess.run(TokenService.NAME, () -> Main.start(environment));
      return code + " " + said.toString(StandardCharsets.UTF_8);
    } finally {
      System.setErr(console);
    }
  }
}
