package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Everything this Bitbucket knows. Reached through {@link World} only, and never kept. */
public final class State {
  private final Map<String, Account> accounts = new LinkedHashMap<>();
  private final Map<String, String> accountsByNickname = new HashMap<>();
  private final Map<String, Workspace> workspaces = new LinkedHashMap<>();
  private final Map<String, Repository> repositories = new LinkedHashMap<>();
  private final Map<String, Repository> repositoriesByName = new LinkedHashMap<>();
  private final List<FormerPath> formerPaths = new ArrayList<>();
  private final Credentials credentials;
  private Settings settings;

  /**
   * All of it at one moment.
   *
   * @param formerPaths null in a state that was saved before there were any
   */
  record Snapshot(
      Settings settings,
      List<Account> accounts,
      List<Workspace> workspaces,
      List<Repository.Snapshot> repositories,
      @Nullable List<FormerPath> formerPaths,
      Credentials.Snapshot credentials) {}

  private State(Settings settings, Credentials credentials) {
    this.settings = settings;
    this.credentials = credentials;
  }

  /** A world with two accounts and nothing else. */
  static State fresh() {
    var state = new State(Settings.defaults(), new Credentials());
    state.put(Account.named(Account.Kind.USER, "ada", "Ada Admin").administeringAll());
    state.put(
        Account.named(Account.Kind.OAUTH_CLIENT, "client", "OAuth client").administeringAll());
    return state;
  }

  static State of(Snapshot saved) {
    var state = new State(saved.settings(), Credentials.of(saved.credentials()));
    saved.accounts().forEach(state::put);
    saved.workspaces().forEach(workspace -> state.workspaces.put(workspace.slug(), workspace));
    saved.repositories().forEach(repository -> state.put(Repository.of(repository)));
    state.formerPaths.addAll(
        Objects.requireNonNullElse(saved.formerPaths(), List.<FormerPath>of()));
    return state;
  }

  Snapshot snapshot() {
    return new Snapshot(
        settings,
        List.copyOf(accounts.values()),
        List.copyOf(workspaces.values()),
        repositories.values().stream().map(Repository::snapshot).toList(),
        List.copyOf(formerPaths),
        credentials.snapshot());
  }

  public Settings settings() {
    return settings;
  }

  public void settings(Settings other) {
    settings = other;
  }

  public Credentials credentials() {
    return credentials;
  }

  /** Ada, who administers everything and pushes where nobody else is named. */
  public Account defaultUser() {
    return accountNamed("ada").orElseThrow();
  }

  /** Who acts where the client speaks for itself. */
  public Account clientUser() {
    return accountNamed("client").orElseThrow();
  }

  public List<Account> people() {
    return accounts.values().stream()
        .filter(account -> account.kind() == Account.Kind.USER)
        .toList();
  }

  public Account account(String uuid) {
    return Optional.ofNullable(accounts.get(uuid)).orElseThrow();
  }

  public Optional<Account> accountNamed(String nickname) {
    return Optional.ofNullable(accountsByNickname.get(nickname)).map(this::account);
  }

  public void put(Account account) {
    accounts.put(account.uuid(), account);
    accountsByNickname.put(account.nickname(), account.uuid());
  }

  public Collection<Workspace> workspaces() {
    return List.copyOf(workspaces.values());
  }

  /**
   * A workspace.
   *
   * @param name its slug, or its UUID in braces
   */
  public Optional<Workspace> workspace(String name) {
    return name.startsWith("{")
        ? workspaces.values().stream()
            .filter(workspace -> workspace.uuid().equalsIgnoreCase(name))
            .findFirst()
        : Optional.ofNullable(workspaces.get(name.toLowerCase(Locale.ROOT)));
  }

  public List<Repository> repositories() {
    return List.copyOf(repositories.values());
  }

  public List<Repository> repositories(Workspace workspace) {
    return repositories.values().stream()
        .filter(repository -> repository.workspace().equals(workspace.slug()))
        .toList();
  }

  /**
   * A repository.
   *
   * @param workspace slug or UUID in braces
   * @param name slug or UUID in braces
   */
  public Optional<Repository> repository(String workspace, String name) {
    if (!name.startsWith("{") && !workspace.startsWith("{")) {
      return Optional.ofNullable(
          repositoriesByName.get((workspace + "/" + name).toLowerCase(Locale.ROOT)));
    }
    return workspace(workspace)
        .flatMap(
            found ->
                name.startsWith("{")
                    ? repositoryByUuid(name)
                        .filter(repository -> repository.workspace().equals(found.slug()))
                    : Optional.ofNullable(
                        repositoriesByName.get(
                            (found.slug() + "/" + name).toLowerCase(Locale.ROOT))));
  }

  public Optional<Repository> repositoryByUuid(String uuid) {
    return Optional.ofNullable(repositories.get(uuid.toLowerCase(Locale.ROOT)));
  }

  /** The ids of all contents that are downloads; those whose content is gone are none any more. */
  public Set<String> contents(Predicate<Content> isThere) {
    var ids = new HashSet<String>();
    for (Repository repository : repositories.values()) {
      for (Download download : repository.downloads()) {
        if (isThere.test(download.content())) {
          ids.add(download.content().id());
        } else {
          repository.removeDownload(download.name());
        }
      }
    }
    return ids;
  }

  /** A new repository; its workspace comes along, and what had the name before is gone. */
  public Repository create(
      String workspace, String slug, String uuid, boolean isPrivate, Instant now) {
    workspaces.computeIfAbsent(
        workspace, absent -> new Workspace(Fresh.uuid(), workspace, capitalised(workspace)));
    repository(workspace, slug).ifPresent(old -> repositories.remove(old.uuid()));
    var identity = new Repository.Identity(uuid, workspace, slug, Fresh.uuid(), now);
    var repository = new Repository(identity, isPrivate);
    put(repository);
    return repository;
  }

  /**
   * Gives a repository a name that is free. A workspace there is takes it in; one that there is not
   * is the old one, renamed, where that holds nothing else.
   *
   * @param redirect whether the old path leads to the new one
   */
  public void rename(Repository repository, String workspace, String slug, boolean redirect) {
    Workspace left = workspace(repository.workspace()).orElseThrow();
    if (!workspaces.containsKey(workspace)) {
      boolean isRenamed = repositories(left).size() == 1;
      if (isRenamed) {
        workspaces.remove(left.slug());
      }
      String uuid = isRenamed ? left.uuid() : Fresh.uuid();
      workspaces.put(workspace, new Workspace(uuid, workspace, capitalised(workspace)));
    }
    if (redirect) {
      formerPaths.add(
          new FormerPath(left.uuid(), left.slug(), repository.slug(), repository.uuid()));
    }
    repositoriesByName.remove(repository.fullName());
    repository.rename(workspace, slug);
    put(repository);
  }

  /**
   * The repository that a path led to before it was renamed, where it still leads there.
   *
   * @param workspace slug or UUID in braces
   * @param name slug or UUID in braces
   */
  public Optional<Repository> moved(String workspace, String name) {
    return formerPaths.reversed().stream()
        .filter(path -> path.isAt(workspace, name))
        .findFirst()
        .flatMap(path -> repositoryByUuid(path.repositoryUuid()));
  }

  /** Whoever takes a path that another has left takes it for good. */
  private void put(Repository repository) {
    repositories.put(repository.uuid(), repository);
    repositoriesByName.put(repository.fullName(), repository);
    formerPaths.removeIf(path -> path.isAt(repository.workspace(), repository.slug()));
  }

  private static String capitalised(String slug) {
    return slug.substring(0, 1).toUpperCase(Locale.ROOT) + slug.substring(1);
  }
}
