package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.GET;

import java.util.function.Predicate;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;

/** Branches and tags. */
final class RefRoutes {

  private RefRoutes() {}

  static void addTo(Api api) {
    api.onRepository(
        GET, "/refs/branches", Required.REPOSITORY, (visit, in) -> list(visit, in, Ref::isBranch));
    api.onRepository(
        GET,
        "/refs/tags",
        Required.REPOSITORY,
        (visit, in) -> list(visit, in, ref -> !ref.isBranch()));
    api.onRepository(
        GET,
        "/refs/branches/:name",
        Required.REPOSITORY,
        (visit, in) -> one(visit, in, "branch", Ref::isBranch));
    api.onRepository(
        GET,
        "/refs/tags/:name",
        Required.REPOSITORY,
        (visit, in) -> one(visit, in, "tag", ref -> !ref.isBranch()));
    api.onRepository(
        GET, "/refs", Required.REPOSITORY, (visit, in) -> list(visit, in, ref -> true));
  }

  private static Reply one(Visit visit, Repository repository, String what, Predicate<Ref> wanted) {
    String name = visit.call().at("name");
    return repository.refs().stream()
        .filter(ref -> wanted.test(ref) && ref.shortName().equals(name))
        .findFirst()
        .map(ref -> Reply.json(200, visit.views().refs().show(repository, ref)))
        .orElseGet(() -> ApiError.notFound("No %s named %s".formatted(what, name)));
  }

  private static Reply list(Visit visit, Repository repository, Predicate<Ref> wanted) {
    return Listing.of(
        visit,
        repository.refs().stream().filter(wanted).toList(),
        ref -> visit.views().refs().show(repository, ref));
  }
}
