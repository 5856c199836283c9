package sh.cinch.benchmark.releases;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.source.Content;
import sh.cinch.benchmark.source.SourceProcess;
import sh.cinch.benchmark.stand.Stand;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.Running;
import sh.cinch.simulator.world.Download;

/** One connected repository with a tag, and a source of files for it. */
final class ReleaseStand implements AutoCloseable {

  /** Files that are on their way together: half of what a worker sends at once. */
  static final int AT_ONCE = 4;

  /** A round that takes longer is no figure. */
  static final Duration LONGEST = Duration.ofMinutes(30);

  static final String TAG = "v1.0.0";

  private static final String WORKSPACE = "acme";
  private static final String SLUG = "app";
  private static final String FULL_NAME = WORKSPACE + "/" + SLUG;
  private static final String PERSON = "somebody";

  private final Running running = new Running();
  private final Stand stand;
  private final SourceProcess source;
  private final Repository repository;
  private final UUID credential;
  private final String commit;
  private final String token;

  ReleaseStand(Plan plan) {
    try {
      stand = running.with(Stand.start(plan));
      source = running.with(SourceProcess.start());
      // An hour of Bitbucket's would be over after four rounds.
      JsonObject unused =
          stand.control(HttpMethod.POST, "/settings", new JsonObject().put("hourlyLimit", 0));
      repository = create();
      credential = stand.connect(PERSON);
      commit = push();
      token = token();
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private Repository create() {
    String uuid =
        stand
            .control(HttpMethod.PUT, "/repositories/" + FULL_NAME, new JsonObject())
            .getString("uuid");
    JsonObject unused =
        stand.control(
            HttpMethod.PUT,
            "/users/" + PERSON,
            new JsonObject().put("permissions", new JsonObject().put(FULL_NAME, "write")));
    return new Repository(
        UUID.randomUUID(),
        Repository.BITBUCKET_CLOUD,
        FULL_NAME,
        uuid,
        "https://bitbucket.org/" + FULL_NAME + ".git");
  }

  private String push() {
    JsonObject change = new JsonObject().put("ref", "refs/tags/" + TAG);
    return stand
        .control(
            HttpMethod.POST,
            "/repositories/%s/push".formatted(FULL_NAME),
            new JsonObject().put("changes", new JsonArray().add(change)))
        .getJsonArray("changes")
        .getJsonObject(0)
        .getString("new");
  }

  private String token() {
    JsonArray scopes = new JsonArray().add("repository").add("repository:write");
    return stand
        .control(
            HttpMethod.POST,
            "/repositories/%s/tokens".formatted(FULL_NAME),
            new JsonObject().put("scopes", scopes))
        .getString("token");
  }

  Stand stand() {
    return stand;
  }

  SourceProcess source() {
    return source;
  }

  Repository repository() {
    return repository;
  }

  UUID credential() {
    return credential;
  }

  String commit() {
    return commit;
  }

  String artifact(Content content) {
    return "%s/internal/repositories/%s/artifacts/%s"
        .formatted(source.url(), repository.id(), content.id());
  }

  String ingressAuthorization() {
    return "Bearer " + Stand.RELEASE_SECRET;
  }

  String downloads() {
    return "%s/2.0/repositories/%s/downloads".formatted(stand.simulator().url(), FULL_NAME);
  }

  String forgeAuthorization() {
    return "Bearer " + token;
  }

  /**
   * Frees the space of a round.
   *
   * @throws IllegalStateException where not all files are there as they should be: that is no
   *     figure
   */
  void clear(Workload load, List<String> names) {
    Set<String> missing = new HashSet<>(names);
    for (Download download : stand.simulator().downloads(WORKSPACE, SLUG)) {
      if (download.content().sha256().equals(load.sha256())) {
        missing.remove(download.name());
      }
      stand.delete("%s/%s".formatted(downloads(), download.name()), forgeAuthorization());
    }
    if (!missing.isEmpty()) {
      throw new IllegalStateException(
          "%d of %d files did not arrive as they are".formatted(missing.size(), names.size()));
    }
  }

  @Override
  public void close() {
    running.close();
  }
}
