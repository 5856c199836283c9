package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.view.Times;
import sh.cinch.simulator.world.Commit;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.Status;
import sh.cinch.simulator.world.StatusWrite;

/** Build statuses of commits; reading a repository is enough to write them. */
final class StatusRoutes {
  private static final String STATUSES = "/commit/:commit/statuses";

  private StatusRoutes() {}

  static void addTo(Api api) {
    api.onRepository(GET, STATUSES, Required.REPOSITORY, StatusRoutes::list);
    api.onRepository(POST, STATUSES + "/build", Required.REPOSITORY, recorded(StatusRoutes::post));
    api.onRepository(GET, STATUSES + "/build/:key", Required.REPOSITORY, StatusRoutes::show);
    api.onRepository(
        PUT, STATUSES + "/build/:key", Required.REPOSITORY, recorded(StatusRoutes::put));
  }

  private interface Resource extends BiFunction<Visit, Repository, Reply> {}

  /** Notes every write that comes as far as the repository, with what became of it. */
  private static Resource recorded(Resource resource) {
    return (visit, repository) -> {
      Reply reply = resource.apply(visit, repository);
      String commit = visit.call().at("commit");
      repository.record(
          new StatusWrite(
              visit.now(),
              visit.account().uuid(),
              visit.call().method(),
              repository.commit(commit).map(Commit::hash).orElse(commit),
              Optional.ofNullable(visit.call().pathParameters().get("key")),
              visit.call().body().toString(StandardCharsets.UTF_8),
              reply.status()));
      return reply;
    };
  }

  private static Reply list(Visit visit, Repository repository) {
    Optional<String> refname = visit.call().query("refname");
    return onCommit(
        visit,
        repository,
        commit ->
            Listing.of(
                visit,
                repository.statuses(commit.hash()).stream()
                    .filter(status -> refname.isEmpty() || status.refname().equals(refname))
                    .toList(),
                status -> view(visit, repository, status)));
  }

  private static Reply show(Visit visit, Repository repository) {
    return onCommit(
        visit,
        repository,
        commit ->
            repository
                .status(commit.hash(), visit.call().at("key"))
                .map(status -> Reply.json(200, view(visit, repository, status)))
                .orElseGet(() -> none(visit)));
  }

  private static Reply post(Visit visit, Repository repository) {
    return onCommit(
        visit,
        repository,
        commit ->
            switch (StatusBody.read(visit.call().json())) {
              case StatusBody.Invalid(var problems) -> ApiError.fields(problems);
              case StatusBody.Valid body ->
                  write(visit, repository, commit, body, written(visit, repository, commit, body));
            });
  }

  /** The status that is there already under what the body calls it. */
  private static Optional<Status> written(
      Visit visit, Repository repository, Commit commit, StatusBody.Valid body) {
    return switch (visit.state().settings().statusIdentity()) {
      case KEY -> repository.status(commit.hash(), body.key());
      case KEY_AND_REFNAME -> repository.status(commit.hash(), body.key(), body.refname());
    };
  }

  private static Reply put(Visit visit, Repository repository) {
    return onCommit(
        visit,
        repository,
        commit -> {
          Optional<Status> old = repository.status(commit.hash(), visit.call().at("key"));
          if (old.isEmpty()) {
            return none(visit);
          }
          return switch (StatusBody.update(old.get(), visit.call().json())) {
            case StatusBody.Invalid(var problems) -> ApiError.fields(problems);
            case StatusBody.Valid body -> write(visit, repository, commit, body, old);
          };
        });
  }

  /** No order is kept: what is written last stands, also an older state. */
  private static Reply write(
      Visit visit,
      Repository repository,
      Commit commit,
      StatusBody.Valid body,
      Optional<Status> old) {
    if (old.isPresent() && !mayOverwrite(visit, repository, old.get())) {
      return ApiError.forbidden(
          "You cannot update this build status: only the account that created it and repository"
              + " administrators can.");
    }
    var status =
        new Status(
            commit.hash(),
            body.key(),
            body.state(),
            body.name(),
            body.description(),
            body.url(),
            refname(visit, body, old),
            old.map(Status::account).orElse(visit.account().uuid()),
            old.map(Status::createdOn).orElse(visit.now()),
            visit.now());
    old.ifPresentOrElse(before -> repository.replace(before, status), () -> repository.put(status));
    return Reply.json(old.isPresent() ? 200 : 201, view(visit, repository, status));
  }

  /** Never set back to none; and as a part of what the status is known by, never changed. */
  private static Optional<String> refname(
      Visit visit, StatusBody.Valid body, Optional<Status> old) {
    Optional<String> before = old.flatMap(Status::refname);
    return switch (visit.state().settings().statusIdentity()) {
      case KEY -> body.refname().or(() -> before);
      case KEY_AND_REFNAME -> old.isPresent() ? before : body.refname();
    };
  }

  private static boolean mayOverwrite(Visit visit, Repository repository, Status status) {
    return status.account().equals(visit.account().uuid())
        || visit.account().may(Permission.ADMIN, repository);
  }

  private static Reply onCommit(
      Visit visit, Repository repository, Function<Commit, Reply> resource) {
    return repository.commit(visit.call().at("commit")).map(resource).orElseGet(CommitRoutes::none);
  }

  private static Reply none(Visit visit) {
    return ApiError.notFound("Build status %s not found".formatted(visit.call().at("key")));
  }

  private static ObjectNode view(Visit visit, Repository repository, Status status) {
    ObjectNode node =
        Json.object()
            .put("type", "build")
            .put("key", status.key())
            .put("state", status.state().name())
            .put("name", status.name())
            .put("refname", status.refname().orElse(null))
            .put("description", status.description())
            .put("url", status.url())
            .put("created_on", Times.micros(status.createdOn()))
            .put("updated_on", Times.micros(status.updatedOn()));
    node.set("author", visit.views().accounts().show(visit.state().account(status.account())));
    node.set("commit", visit.views().commits().reference(repository, status.commit()));
    node.set("repository", visit.views().repositories().brief(repository));
    String commit = "/repositories/%s/commit/%s".formatted(repository.fullName(), status.commit());
    String key = URLEncoder.encode(status.key(), StandardCharsets.UTF_8);
    ObjectNode links = node.putObject("links");
    links.putObject("self").put("href", visit.call().site().api(commit + "/statuses/build/" + key));
    links.putObject("commit").put("href", visit.call().site().api(commit));
    return node;
  }
}
