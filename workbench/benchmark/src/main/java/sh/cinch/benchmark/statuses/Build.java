package sh.cinch.benchmark.statuses;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;

/** One build with one state, so with one post. Each has a commit of its own. */
record Build(Repository repository, String commit, int number) {

  static final String BRANCH = "main";

  private static final String REF = "refs/heads/" + BRANCH;
  private static final String KEY = "unit";
  private static final String NAME = "Unit tests";
  private static final String DESCRIPTION = "Passed in 2m 34s";

  /**
   * A round's, evenly over the repositories.
   *
   * @param round whose builds' commits begin with {@link #commits}
   */
  static List<Build> round(int round, int count, List<Repository> repositories) {
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                new Build(
                    repositories.get(i % repositories.size()),
                    "%s%032x".formatted(commits(round), i),
                    i))
        .toList();
  }

  /** What all commits of a round begin with. */
  static String commits(int round) {
    return "%08x".formatted(round);
  }

  String key() {
    return repository.id() + ":" + commit;
  }

  String id() {
    return "benchmark-" + commit;
  }

  /** What the runner reports. */
  BuildState state(Instant now) {
    return new BuildState(
        RepositoryRef.byId(repository.id()),
        commit,
        REF,
        KEY,
        NAME,
        String.valueOf(number),
        BuildState.State.SUCCESS,
        DESCRIPTION,
        url(),
        1L,
        now,
        null,
        null);
  }

  /** What is posted of it. */
  Buffer body() {
    return new JsonObject()
        .put("key", KEY)
        .put("state", "SUCCESSFUL")
        .put("name", NAME)
        .put("description", DESCRIPTION)
        .put("url", url())
        .put("refname", BRANCH)
        .toBuffer();
  }

  private String url() {
    return "https://ci.example.com/jobs/" + number;
  }
}
