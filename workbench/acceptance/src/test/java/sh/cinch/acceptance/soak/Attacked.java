package sh.cinch.acceptance.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.embedded.Database;
import sh.cinch.service.Running;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.FreePort;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;

/** An ingress as an operator starts it, to which two repositories are connected. */
final class Attacked implements AutoCloseable {

  private static final String API_TOKEN = "cinch_" + "a".repeat(43);
  private static final String SECRET = "s".repeat(40);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final Running running = new Running();
  private final TestServers servers = TestServers.shared();
  private final Database database = servers.freshDatabase();
  private final int port = FreePort.next();
  private final int management = FreePort.next();
  private final URI url = URI.create("http://localhost:" + port);
  private final SimulatedBitbucket bitbucket;
  private final ChildProcess process;
  private final JsonObject honest;
  private final JsonObject other;

  /**
   * @param folder for its logs and files
   * @param options of its Java
   */
  Attacked(Path folder, List<String> options) {
    bitbucket =
        running.with(
            SimulatedBitbucket.start(
                URI.create(url + "/auth/bitbucket/callback"), InstantSource.system()));
    int tokenService = FreePort.next();
    int itsManagement = FreePort.next();
    start(
        "sh.cinch.tokenservice.Main",
        Map.of(
            "CINCH_PORT", String.valueOf(tokenService),
            "CINCH_MANAGEMENT_PORT", String.valueOf(itsManagement),
            "CINCH_KEYSET", Vault.newKeyset().reveal(),
            "CINCH_SERVICE_SECRETS", "ingress=" + SECRET),
        folder,
        List.of("-Xmx128m"));
    process =
        start(
            "sh.cinch.ingress.Main",
            Map.of(
                "CINCH_PORT",
                String.valueOf(port),
                "CINCH_MANAGEMENT_PORT",
                String.valueOf(management),
                "CINCH_KEYSET",
                Vault.newKeyset().reveal(),
                "CINCH_SERVICE_SECRET",
                SECRET,
                "CINCH_SERVICE_SECRETS",
                "ingress=" + SECRET,
                "CINCH_API_TOKEN",
                API_TOKEN,
                "CINCH_TOKEN_SERVICE_URL",
                "http://localhost:" + tokenService,
                "CINCH_ARTIFACT_FOLDER",
                folder.resolve("artifacts").toString()),
            folder,
            options);
    awaitReady(itsManagement);
    awaitReady(management);
    honest = connect();
    other = connect();
  }

  private ChildProcess start(
      String main, Map<String, String> settings, Path folder, List<String> options) {
    Map<String, String> environment = new HashMap<>(settings);
    environment.put("MALLOC_ARENA_MAX", "2"); // as ./cinch has it
    environment.put("CINCH_HOST", "127.0.0.1");
    environment.put("CINCH_MANAGEMENT_HOST", "127.0.0.1");
    environment.put("CINCH_KAFKA", servers.kafka().bootstrapServers());
    environment.put("CINCH_KAFKA_PROPERTIES", servers.kafka().properties().toString());
    environment.put("CINCH_DATABASE_URL", database.url());
    environment.put("CINCH_DATABASE_USER", database.user());
    environment.put("CINCH_DATABASE_PASSWORD", database.password());
    environment.put("CINCH_BASE_URL", url.toString());
    environment.put("CINCH_BITBUCKET_URL", "http://127.0.0.1:" + bitbucket.port());
    environment.put("CINCH_BITBUCKET_API_URL", bitbucket.url().toString());
    environment.put("CINCH_BITBUCKET_CLIENT_ID", SimulatedBitbucket.CLIENT_ID);
    environment.put("CINCH_BITBUCKET_CLIENT_SECRET", SimulatedBitbucket.CLIENT_SECRET);
    return running.with(
        ChildProcess.start(
            ChildProcess.classPath(),
            List.of(main),
            environment,
            folder,
            folder.resolve(main + ".log").toFile(),
            options));
  }

  void awaitReady() {
    awaitReady(management);
  }

  private static void awaitReady(int management) {
    String url = "http://localhost:" + management + "/health/ready";
    await()
        .atMost(PATIENCE)
        .ignoreExceptions()
        .until(() -> Http.send("GET", url, Map.of(), "").status() == 200);
  }

  /** One whose hook a person makes by hand, and so knows the secret. */
  private JsonObject connect() {
    String fullName = "acme/app-" + UUID.randomUUID();
    bitbucket.repository(fullName);
    Reply reply =
        Http.send(
            "POST",
            url + "/api/v1/repositories",
            Map.of("Authorization", "Bearer " + API_TOKEN, "Content-Type", "application/json"),
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", fullName)
                .put("token", bitbucket.token(fullName, "repository"))
                .encode());
    assertThat(reply.status()).as("%s", reply).isEqualTo(201);
    return reply.json();
  }

  Target target() {
    return new Target(
        port, management, hook(honest), hook(other), "{" + honest.getString("id") + "}");
  }

  private static URI hook(JsonObject repository) {
    return URI.create(repository.getJsonObject("manualWebhook").getString("url"));
  }

  String honestSecret() {
    return honest.getJsonObject("manualWebhook").getString("secret");
  }

  /** A body, to the honest repository. */
  byte[] pushOf(PushBody.Change change) {
    return PushBody.of(honest.getString("uuid"), honest.getString("fullName"), change);
  }

  ChildProcess process() {
    return process;
  }

  static Path log(Path folder) {
    return folder.resolve("sh.cinch.ingress.Main.log");
  }

  @Override
  public void close() {
    running.close();
  }
}
