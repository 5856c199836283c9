package sh.cinch.simulator.control;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import sh.cinch.simulator.git.GitRepositories;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.view.Views;
import sh.cinch.simulator.world.AccessToken;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Fresh;
import sh.cinch.simulator.world.Permission;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Makes repositories, and the tokens their owners would make in a browser. */
record RepositoryControl(World world, GitRepositories git) {
  private static final String SLUG = "[a-z0-9_][a-z0-9_.-]*";
  private static final Set<String> TOKEN_SCOPES =
      Set.of(
          "repository",
          "repository:write",
          "repository:admin",
          "repository:delete",
          "pullrequest",
          "pullrequest:write",
          "webhook",
          "pipeline",
          "pipeline:write",
          "pipeline:variable",
          "runner",
          "runner:write");

  /**
   * Another UUID under a name that is taken makes another repository, as deleting and creating
   * would.
   */
  Reply put(Call call) {
    Fields fields = Fields.of(call, "uuid", "private", "git");
    String workspace = slug(call.at("workspace"));
    String slug = slug(call.at("slug"));
    Optional<String> uuid = fields.text("uuid").map(RepositoryControl::braced);
    return world.change(
        state -> {
          Optional<Repository> old = state.repository(workspace, slug);
          boolean isSame =
              old.map(found -> uuid.map(found.uuid()::equals).orElse(true)).orElse(false);
          uuid.flatMap(state::repositoryByUuid)
              .filter(owner -> !isSame)
              .ifPresent(
                  owner -> {
                    throw new BadInput("uuid belongs to " + owner.fullName());
                  });
          boolean isPrivate =
              fields.flag(
                  "private", old.filter(o -> isSame).map(Repository::isPrivate).orElse(true));
          Repository repository =
              isSame
                  ? old.orElseThrow()
                  : state.create(
                      workspace, slug, uuid.orElseGet(Fresh::uuid), isPrivate, world.now());
          repository.setPrivate(isPrivate);
          makeReal(repository, fields);
          return Reply.json(
              isSame ? 200 : 201, new Views(state, call.site()).repositories().full(repository));
        });
  }

  private void makeReal(Repository repository, Fields fields) {
    boolean isReal = git.find(repository.uuid()).isPresent();
    boolean wanted = fields.flag("git", isReal);
    if (isReal && !wanted) {
      throw new BadInput("git must be true: this is a git repository, and stays one");
    }
    if (!isReal && wanted && !repository.commits().isEmpty()) {
      throw new BadInput("git must be false: the commits of this repository are not git's");
    }
    if (wanted) {
      git.create(repository.uuid());
    }
  }

  /** By default as Bitbucket does it: the old path leads to the new one. */
  Reply rename(Call call) {
    Fields fields = Fields.of(call, "fullName", "redirect");
    String fullName = fields.requiredText("fullName");
    String[] parts = fullName.split("/", -1);
    if (parts.length != 2) {
      throw new BadInput("fullName must be a workspace and a slug, but is " + fullName);
    }
    String workspace = slug(parts[0]);
    String slug = slug(parts[1]);
    boolean redirect = fields.flag("redirect", true);
    return world.change(
        state -> {
          Repository repository = Named.repository(state, call);
          if (state.repository(workspace, slug).isPresent()) {
            throw new BadInput(fullName + " is taken");
          }
          state.rename(repository, workspace, slug, redirect);
          return Reply.json(200, new Views(state, call.site()).repositories().full(repository));
        });
  }

  /** Somebody who was not known before is from now on. */
  Reply member(Call call) {
    Fields fields = Fields.of(call, "account", "role");
    String nickname = fields.requiredText("account");
    Permission role =
        fields.word("role", Permission.class).orElseThrow(() -> new BadInput("role is missing"));
    return world.change(
        state -> {
          Account account =
              Named.orNewUser(state, nickname)
                  .withPermission(Named.repository(state, call).uuid(), role);
          state.put(account);
          return Reply.json(200, new Views(state, call.site()).accounts().show(account));
        });
  }

  Reply token(Call call) {
    Fields fields = Fields.of(call, "scopes", "expiresInSeconds");
    List<String> scopes = fields.texts("scopes");
    Optional<Instant> end = fields.end("expiresInSeconds", world.now());
    for (String scope : scopes) {
      if (!TOKEN_SCOPES.contains(scope)) {
        throw new BadInput(
            "a repository access token cannot hold %s; it may hold %s"
                .formatted(scope, String.join(", ", TOKEN_SCOPES.stream().sorted().toList())));
      }
    }
    if (scopes.isEmpty()) {
      throw new BadInput("scopes is empty");
    }
    return world.change(
        state -> {
          AccessToken token = token(state, Named.repository(state, call), Set.copyOf(scopes), end);
          state.credentials().issue(token);
          String account = state.account(token.account()).nickname();
          return Reply.json(201, Json.object().put("token", token.value()).put("account", account));
        });
  }

  /** What its owner does who no longer trusts any of them. */
  Reply revokeTokens(Call call) {
    return world.change(
        state -> {
          String repository = Named.repository(state, call).uuid();
          state
              .credentials()
              .withdraw(
                  token ->
                      token.kind() == AccessToken.Kind.REPOSITORY
                          && state.account(token.account()).permissions().containsKey(repository));
          return Reply.empty(204);
        });
  }

  /** Each token is an account of its own, which cannot be asked for by {@code /user}. */
  private static AccessToken token(
      State state, Repository repository, Set<String> scopes, Optional<Instant> end) {
    Account account =
        Account.named(
                Account.Kind.REPOSITORY_TOKEN,
                "token-" + Fresh.hash().substring(0, 8),
                "Repository access token")
            .withPermission(repository.uuid(), permission(scopes));
    state.put(account);
    return new AccessToken(
        "ATCTT3x" + Fresh.token(185),
        AccessToken.Kind.REPOSITORY,
        account.uuid(),
        scopes,
        "token " + account.uuid(),
        Optional.empty(),
        end,
        Optional.empty());
  }

  private static Permission permission(Set<String> scopes) {
    if (scopes.contains("repository:admin")) {
      return Permission.ADMIN;
    }
    return scopes.contains("repository:write") || scopes.contains("pullrequest:write")
        ? Permission.WRITE
        : Permission.READ;
  }

  private static String slug(String text) {
    if (!text.matches(SLUG)) {
      throw new BadInput("%s is not a slug: lower-case letters, digits, . _ -".formatted(text));
    }
    return text;
  }

  static String braced(String text) {
    String bare = text.replaceAll("^\\{|}$", "").toLowerCase(Locale.ROOT);
    try {
      return "{" + UUID.fromString(bare) + "}";
    } catch (IllegalArgumentException malformed) {
      throw new BadInput("uuid is not a UUID: " + text);
    }
  }
}
