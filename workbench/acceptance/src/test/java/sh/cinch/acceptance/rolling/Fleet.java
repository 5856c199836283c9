package sh.cinch.acceptance.rolling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import sh.cinch.embedded.Database;
import sh.cinch.service.Running;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.ChildProcess;
import sh.cinch.testkit.FreePort;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.SimulatedBitbucket;
import sh.cinch.testkit.TestServers;

/** All processes of a Cinch, of either release; each service at one address. */
final class Fleet implements AutoCloseable {

  static final String API_TOKEN = "cinch_" + "a".repeat(43);

  private static final String STATUS_WORKER_MAIN = "sh.cinch.statusworker.Main";
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String SECRET = "s".repeat(40);

  /** In the order in which an upgrade rolls them. */
  enum Service {
    TOKEN_SERVICE("sh.cinch.tokenservice.Main"),
    STATUS_WORKER(STATUS_WORKER_MAIN),
    RELEASE_WORKER("sh.cinch.releaseworker.Main"),
    INGRESS("sh.cinch.ingress.Main");

    private final String main;

    Service(String main) {
      this.main = main;
    }
  }

  /**
   * @param classPath of all its services
   */
  record Release(String name, String classPath) {}

  record Member(Service service, Release release, ChildProcess process, int port, int management) {}

  private final Running running = new Running();
  private final Path folder;
  private final Balancer ingress = running.with(new Balancer());
  private final Balancer tokenService = running.with(new Balancer());
  private final List<Member> members = new ArrayList<>();
  private final Map<Service, Map<String, String>> settings = new HashMap<>();
  private final Map<String, String> shared = new HashMap<>();
  final TestServers servers = running.with(TestServers.start());
  final Database database = servers.emptyDatabase();
  final SimulatedBitbucket bitbucket;
  private int logs;

  Fleet(Path folder) {
    this.folder = folder;
    bitbucket =
        running.with(
            SimulatedBitbucket.start(
                URI.create(ingress() + "/auth/bitbucket/callback"), InstantSource.system()));
    bitbucket.setting("retryUnanswered", true);
    settle();
  }

  URI ingress() {
    return URI.create("http://localhost:" + ingress.port());
  }

  private void settle() {
    shared.put("CINCH_HOST", "127.0.0.1");
    shared.put("CINCH_MANAGEMENT_HOST", "127.0.0.1");
    shared.put("CINCH_KAFKA", servers.kafka().bootstrapServers());
    shared.put("CINCH_KAFKA_PROPERTIES", servers.kafka().properties().toString());
    shared.put("CINCH_DATABASE_URL", database.url());
    shared.put("CINCH_DATABASE_USER", database.user());
    shared.put("CINCH_DATABASE_PASSWORD", database.password());
    shared.put("CINCH_BASE_URL", ingress().toString());
    shared.put("CINCH_BITBUCKET_URL", "http://127.0.0.1:" + bitbucket.port());
    shared.put("CINCH_BITBUCKET_API_URL", bitbucket.url().toString());
    shared.put("CINCH_BITBUCKET_CLIENT_ID", SimulatedBitbucket.CLIENT_ID);
    shared.put("CINCH_BITBUCKET_CLIENT_SECRET", SimulatedBitbucket.CLIENT_SECRET);
    shared.put("CINCH_BITBUCKET_HOURLY_LIMIT", "0");
    shared.put("CINCH_TOKEN_SERVICE_URL", "http://localhost:" + tokenService.port());
    String secrets = "ingress=%1$s1,status-worker=%1$s2,release-worker=%1$s3".formatted(SECRET);
    settings.put(
        Service.TOKEN_SERVICE,
        Map.of("CINCH_KEYSET", Vault.newKeyset().reveal(), "CINCH_SERVICE_SECRETS", secrets));
    settings.put(
        Service.INGRESS,
        Map.of(
            "CINCH_KEYSET",
            Vault.newKeyset().reveal(),
            "CINCH_SERVICE_SECRET",
            SECRET + 1,
            "CINCH_SERVICE_SECRETS",
            secrets,
            "CINCH_API_TOKEN",
            API_TOKEN,
            "CINCH_ARTIFACT_FOLDER",
            folder.resolve("artifacts").toString()));
    settings.put(Service.STATUS_WORKER, Map.of("CINCH_SERVICE_SECRET", SECRET + 2));
    settings.put(
        Service.RELEASE_WORKER,
        Map.of("CINCH_SERVICE_SECRET", SECRET + 3, "CINCH_INGRESS_URL", ingress().toString()));
  }

  /** Starts one and waits until it is ready; from then on it is sent connections. */
  Member start(Service service, Release release) {
    int port = FreePort.next();
    int management = FreePort.next();
    Map<String, String> environment = new HashMap<>(shared);
    environment.putAll(settings.get(service));
    environment.put("CINCH_PORT", String.valueOf(port));
    environment.put("CINCH_MANAGEMENT_PORT", String.valueOf(management));
    String name = "%02d-%s-%s".formatted(logs++, service, release.name());
    Member member =
        new Member(
            service,
            release,
            ChildProcess.start(
                release.classPath(),
                List.of(service.main),
                environment,
                folder,
                folder.resolve(name + ".log").toFile(),
                List.of("-Xmx128m")),
            port,
            management);
    members.add(member);
    await(name)
        .atMost(PATIENCE)
        .ignoreExceptions()
        .failFast(name + " has ended", () -> !member.process.isAlive())
        .until(
            () ->
                Http.send("GET", "http://localhost:" + management + "/health/ready", Map.of(), "")
                        .status()
                    == 200);
    balancer(service).ifPresent(balancer -> balancer.add(port));
    return member;
  }

  List<Member> members(Service service, Release release) {
    return members.stream()
        .filter(member -> member.service == service && member.release.equals(release))
        .toList();
  }

  /** SIGTERM, and it ends well. */
  void stop(Member member) {
    member.process.terminate();
    assertThat(ended(member)).as("%s ends by SIGTERM", member).isIn(0, 143);
  }

  /** SIGKILL. */
  void kill(Member member) {
    member.process.kill();
    assertThat(ended(member)).isEqualTo(ChildProcess.KILLED);
  }

  private int ended(Member member) {
    await().atMost(PATIENCE).until(() -> !member.process.isAlive());
    members.remove(member);
    balancer(member.service).ifPresent(balancer -> balancer.remove(member.port));
    return member.process.exitCode();
  }

  /** The operator's command; what it says. */
  String handBack(Release release) {
    Path said = folder.resolve("%02d-hand-back.log".formatted(logs++));
    try (ChildProcess command =
        ChildProcess.start(
            release.classPath(),
            List.of(STATUS_WORKER_MAIN, "hand-back"),
            shared,
            folder,
            said.toFile(),
            List.of("-Xmx64m"))) {
      await().atMost(PATIENCE).until(() -> !command.isAlive());
      assertThat(command.exitCode()).as("hand-back; it says so in %s", said).isZero();
      return Files.readString(said);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<Balancer> balancer(Service service) {
    return switch (service) {
      case INGRESS -> Optional.of(ingress);
      case TOKEN_SERVICE -> Optional.of(tokenService);
      case STATUS_WORKER, RELEASE_WORKER -> Optional.empty();
    };
  }

  /** What all processes have said that is an error. */
  List<String> errors() throws IOException {
    List<String> errors = new ArrayList<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path log : files.filter(file -> file.toString().endsWith(".log")).sorted().toList()) {
        try (Stream<String> lines = Files.lines(log)) {
          lines
              .filter(line -> line.contains(" ERROR "))
              .forEach(line -> errors.add(log.getFileName() + ": " + line));
        }
      }
    }
    return errors;
  }

  @Override
  public void close() {
    members.forEach(member -> member.process.close());
    running.close();
  }
}
