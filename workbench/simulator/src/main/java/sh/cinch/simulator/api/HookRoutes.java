package sh.cinch.simulator.api;

import static io.vertx.core.http.HttpMethod.DELETE;
import static io.vertx.core.http.HttpMethod.GET;
import static io.vertx.core.http.HttpMethod.POST;
import static io.vertx.core.http.HttpMethod.PUT;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.view.Times;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;

/** Webhook subscriptions of a repository. */
final class HookRoutes {
  private static final Required READ = webhook("read:webhook:bitbucket");
  private static final Required WRITE =
      webhook("read:webhook:bitbucket", "write:webhook:bitbucket");
  private static final Required DELETION = webhook("delete:webhook:bitbucket");
  private static final int MOST_HOOKS = 50;

  private HookRoutes() {}

  static void addTo(Api api) {
    api.onRepository(GET, "/hooks", READ, HookRoutes::list);
    api.onRepository(POST, "/hooks", WRITE, HookRoutes::create);
    api.onRepository(GET, "/hooks/:uid", READ, HookRoutes::show);
    api.onRepository(PUT, "/hooks/:uid", WRITE, HookRoutes::update);
    api.onRepository(DELETE, "/hooks/:uid", DELETION, HookRoutes::delete);
  }

  private static Required webhook(String... apiTokenScopes) {
    return new Required(List.of("webhook"), List.of(apiTokenScopes));
  }

  private static Reply list(Visit visit, Repository repository) {
    return mayInstall(visit, repository)
        ? Listing.of(visit, repository.hooks(), hook -> view(visit, repository, hook))
        : mayNotInstall();
  }

  private static Reply create(Visit visit, Repository repository) {
    if (!mayInstall(visit, repository)) {
      return mayNotInstall();
    }
    return switch (HookBody.create(visit.call().json(), visit.now())) {
      case HookBody.Invalid(var problems) -> ApiError.fields(problems);
      case HookBody.Valid(Hook hook) -> {
        if (!coversEvents(visit, hook)) {
          yield lacksEventScopes(visit, hook);
        }
        if (repository.hooks().size() >= MOST_HOOKS) {
          yield ApiError.of(
              400, "A repository can have at most %d webhooks.".formatted(MOST_HOOKS));
        }
        repository.put(hook);
        yield Reply.json(201, view(visit, repository, hook))
            .with("Location", address(visit, repository, hook));
      }
    };
  }

  private static Reply show(Visit visit, Repository repository) {
    if (!mayInstall(visit, repository)) {
      return mayNotInstall();
    }
    return find(visit, repository)
        .map(hook -> Reply.json(200, view(visit, repository, hook)))
        .orElseGet(() -> none(visit));
  }

  private static Reply update(Visit visit, Repository repository) {
    if (!mayInstall(visit, repository)) {
      return mayNotInstall();
    }
    Optional<Hook> old = find(visit, repository);
    if (old.isEmpty()) {
      return none(visit);
    }
    return switch (HookBody.update(old.get(), visit.call().json())) {
      case HookBody.Invalid(var problems) -> ApiError.fields(problems);
      case HookBody.Valid(Hook hook) -> {
        if (!coversEvents(visit, hook)) {
          yield lacksEventScopes(visit, hook);
        }
        repository.put(hook);
        yield Reply.json(200, view(visit, repository, hook));
      }
    };
  }

  private static Reply delete(Visit visit, Repository repository) {
    if (!mayInstall(visit, repository)) {
      return mayNotInstall();
    }
    Optional<Hook> hook = find(visit, repository);
    hook.ifPresent(gone -> repository.removeHook(gone.uuid()));
    return hook.isPresent() ? Reply.empty(204) : none(visit);
  }

  /** A person must administer the repository; a repository's own token needs only its scope. */
  private static boolean mayInstall(Visit visit, Repository repository) {
    return visit.account().may(Permission.ADMIN, repository)
        || (visit.token().kind() == AccessToken.Kind.REPOSITORY
            && visit.account().may(Permission.READ, repository));
  }

  private static Reply mayNotInstall() {
    return ApiError.forbidden("User does not have permission to install webhooks");
  }

  private static boolean coversEvents(Visit visit, Hook hook) {
    return Scopes.cover(visit.token().scopes(), required(visit.token(), hook));
  }

  private static Reply lacksEventScopes(Visit visit, Hook hook) {
    return ApiError.lacksScopes(visit.token().scopes(), required(visit.token(), hook));
  }

  /** Whoever subscribes to an event must be allowed to read what it carries. */
  private static Set<String> required(AccessToken token, Hook hook) {
    var scopes = new TreeSet<>(WRITE.of(token));
    hook.events().forEach(event -> scopes.addAll(HookEvents.required(event).of(token)));
    return scopes;
  }

  private static Optional<Hook> find(Visit visit, Repository repository) {
    String uid = visit.call().at("uid").toLowerCase(Locale.ROOT);
    return repository.hook(uid.startsWith("{") ? uid : "{" + uid + "}");
  }

  private static Reply none(Visit visit) {
    return ApiError.notFound("Webhook %s not found".formatted(visit.call().at("uid")));
  }

  private static String address(Visit visit, Repository repository, Hook hook) {
    String uuid = hook.uuid().replace("{", "%7B").replace("}", "%7D");
    return visit.call().site().api("/repositories/" + repository.fullName() + "/hooks/" + uuid);
  }

  private static ObjectNode view(Visit visit, Repository repository, Hook hook) {
    ObjectNode node =
        Json.object()
            .put("type", "webhook_subscription")
            .put("uuid", hook.uuid())
            .put("url", hook.url().toString())
            .put("description", hook.description())
            .put("active", hook.active())
            .put("secret_set", hook.secret().isPresent())
            .put("subject_type", "repository")
            .put("created_at", Times.micros(hook.createdAt()))
            .put("skip_cert_verification", hook.skipCertVerification())
            .put("history_enabled", false)
            .put("read_only", false)
            .putNull("source");
    var events = node.putArray("events");
    hook.events().forEach(events::add);
    node.set("subject", visit.views().repositories().brief(repository));
    node.putObject("links").putObject("self").put("href", address(visit, repository, hook));
    return node;
  }
}
