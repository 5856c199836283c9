package sh.cinch.benchmark.statuses;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;

/** One build with one state, so with one post. Each has a commit of its own. */
record Build(Repository repository, String commit, int number) {

  private static final int HASH_BYTES = 20;
  private static final String BRANCH = "main";
  private static final String KEY = "unit";
  private static final String NAME = "Unit tests";
  private static final String DESCRIPTION = "Passed in 2m 34s";

  /** New ones, evenly over the repositories. */
  static List<Build> some(int count, List<Repository> repositories) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Build(repositories.get(i % repositories.size()), hash(), i))
        .toList();
  }

  private static String hash() {
    byte[] bytes = new byte[HASH_BYTES];
    ThreadLocalRandom.current().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
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
        "refs/heads/" + BRANCH,
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
