package sh.cinch.benchmark.statuses;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.stand.SimulatorProcess;
import sh.cinch.benchmark.stand.Stand;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.Running;

/** Connected repositories, all of one account that Bitbucket does not limit. */
final class StatusStand implements AutoCloseable {

  private static final String WORKSPACE = "acme";
  private static final String PERSON = "somebody";

  static final int LATENCY_MS = 50;

  /** That have much to post. */
  private static final int MANY = 200;

  /** That have something now and then: what was posted is looked up, and must not be too much. */
  private static final int FURTHER = 50;

  private final Running running = new Running();
  private final SimulatorProcess simulator;
  private final Stand stand;
  private final List<Repository> repositories;
  private final UUID credential;
  private final String workspaceUuid;
  private final Runner runner;

  StatusStand(Plan plan) {
    try {
      simulator = running.with(SimulatorProcess.start());
      stand = running.with(Stand.start(plan, simulator));
      JsonObject unused =
          stand.control(HttpMethod.POST, "/settings", new JsonObject().put("hourlyLimit", 0));
      List<JsonObject> made = IntStream.range(0, MANY + FURTHER).mapToObj(this::create).toList();
      repositories = made.stream().map(StatusStand::repository).toList();
      workspaceUuid = made.getFirst().getJsonObject("workspace").getString("uuid");
      admit();
      credential = stand.connect(PERSON);
      runner = running.with(new Runner(stand.kafka()));
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private JsonObject create(int number) {
    String path = "/repositories/%s/app-%d".formatted(WORKSPACE, number);
    return stand.control(HttpMethod.PUT, path, new JsonObject());
  }

  private static Repository repository(JsonObject made) {
    String fullName = made.getString("full_name");
    return new Repository(
        UUID.randomUUID(),
        Repository.BITBUCKET_CLOUD,
        fullName,
        made.getString("uuid"),
        "https://bitbucket.org/%s.git".formatted(fullName));
  }

  private void admit() {
    Map<String, Object> permissions =
        repositories.stream().collect(Collectors.toMap(Repository::fullName, each -> "write"));
    JsonObject unused =
        stand.control(
            HttpMethod.PUT,
            "/users/" + PERSON,
            new JsonObject().put("permissions", new JsonObject(permissions)));
  }

  /** From now on a post takes so long. */
  void latency(int ms) {
    stand.delete(stand.bitbucket() + "/_simulator/faults", "none");
    if (ms > 0) {
      stand.tell(
          "/faults",
          new JsonObject()
              .put("kind", "latency")
              .put("method", "POST")
              .put("path", "*/statuses/build")
              .put("ms", ms));
    }
  }

  /** The status-worker reads of them: it makes the topics. */
  void connect() {
    repositories.forEach(each -> runner.connect(each, workspaceUuid, credential));
  }

  /** New ones, of those that have many. */
  List<Build> builds(int count) {
    return pushed(Build.some(count, repositories.subList(0, MANY)));
  }

  /** New ones, of the others. */
  List<Build> buildsInTurn(int count) {
    return pushed(Build.some(count, further()));
  }

  private List<Repository> further() {
    return repositories.subList(MANY, repositories.size());
  }

  private List<Build> pushed(List<Build> builds) {
    builds.stream().collect(Collectors.groupingBy(Build::repository)).forEach(this::push);
    return builds;
  }

  private void push(Repository repository, List<Build> builds) {
    JsonArray changes = new JsonArray();
    builds.forEach(
        build ->
            changes.add(
                new JsonObject()
                    .put("ref", "refs/heads/" + build.commit())
                    .put("to", build.commit())));
    JsonObject unused =
        stand.control(
            HttpMethod.POST,
            "/repositories/%s/push".formatted(repository.fullName()),
            new JsonObject().put("changes", changes));
  }

  /** When each commit of the others was written to, as the simulator has seen it. */
  Map<String, Instant> writes() {
    Map<String, Instant> writes = new HashMap<>();
    for (Repository repository : further()) {
      stand
          .control(
              HttpMethod.GET,
              "/repositories/%s/statuses".formatted(repository.fullName()),
              new JsonObject())
          .getJsonArray("writes")
          .stream()
          .map(JsonObject.class::cast)
          .forEach(
              write ->
                  writes.putIfAbsent(
                      write.getString("commit"),
                      OffsetDateTime.parse(write.getString("time")).toInstant()));
    }
    return writes;
  }

  Runner runner() {
    return runner;
  }

  /** Of the status-worker. */
  Path log() {
    return stand.file("status-worker.log");
  }

  Stand stand() {
    return stand;
  }

  ProcessHandle simulator() {
    return simulator.handle();
  }

  List<Repository> repositories() {
    return repositories;
  }

  /** What posts are made with. */
  String authorization() {
    return stand.lease(credential).getString("authorization");
  }

  /** Where a build is posted: by uuids, as the status-worker does it. */
  String address(Build build) {
    return "%s/2.0/repositories/%s/%s/commit/%s/statuses/build"
        .formatted(
            stand.bitbucket(),
            encoded(workspaceUuid),
            encoded(build.repository().uuid()),
            build.commit());
  }

  private static String encoded(String uuid) {
    return uuid.replace("{", "%7B").replace("}", "%7D");
  }

  @Override
  public void close() {
    running.close();
  }
}
