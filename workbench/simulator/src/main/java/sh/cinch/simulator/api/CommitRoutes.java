package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.GET;

import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Repository;

/** Commits, by their hash or the beginning of it. */
final class CommitRoutes {
  private CommitRoutes() {}

  static void addTo(Api api) {
    api.onRepository(GET, "/commit/:commit", Required.REPOSITORY, CommitRoutes::show);
  }

  private static Reply show(Visit visit, Repository repository) {
    return repository
        .commit(visit.call().at("commit"))
        .map(commit -> Reply.json(200, visit.views().commits().full(repository, commit)))
        .orElseGet(CommitRoutes::none);
  }

  static Reply none() {
    return ApiError.notFound("Commit not found");
  }
}
