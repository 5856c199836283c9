package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A repository and everything in it. Lives behind the world's lock. */
public final class Repository {
  /** Fewer digits of a hash than this name no commit. */
  private static final int SHORTEST_HASH = 7;

  private Identity identity;
  private boolean isPrivate;
  private final Map<String, Ref> refs = new TreeMap<>();
  private final Map<String, Commit> commits = new LinkedHashMap<>();
  private final Map<String, Hook> hooks = new LinkedHashMap<>();
  // by commit and key, those of one key in the order in which they were created
  private final Map<String, Map<String, List<Status>>> statuses = new LinkedHashMap<>();
  private final List<StatusWrite> writes = new ArrayList<>();
  private final Map<String, Download> downloads = new LinkedHashMap<>();
  private @Nullable Instant pushedOn;

  /**
   * What it is known by; workspace and slug change when it is renamed.
   *
   * @param uuid in braces
   * @param workspace its slug
   */
  public record Identity(
      String uuid, String workspace, String slug, String projectUuid, Instant createdOn) {}

  /**
   * All of it at one moment.
   *
   * @param downloads null in a state that was saved before there were any
   * @param pushedOn null where nobody pushed since that is kept
   */
  public record Snapshot(
      Identity identity,
      boolean isPrivate,
      List<Ref> refs,
      List<Commit> commits,
      List<Hook> hooks,
      List<Status> statuses,
      List<StatusWrite> writes,
      @Nullable List<Download> downloads,
      @Nullable Instant pushedOn) {}

  Repository(Identity identity, boolean isPrivate) {
    this.identity = identity;
    this.isPrivate = isPrivate;
  }

  static Repository of(Snapshot saved) {
    var repository = new Repository(saved.identity(), saved.isPrivate());
    saved.refs().forEach(repository::put);
    saved.commits().forEach(repository::put);
    saved.hooks().forEach(repository::put);
    saved.statuses().forEach(repository::put);
    repository.writes.addAll(saved.writes());
    Objects.requireNonNullElse(saved.downloads(), List.<Download>of()).forEach(repository::put);
    repository.pushedOn = saved.pushedOn();
    return repository;
  }

  Snapshot snapshot() {
    return new Snapshot(
        identity,
        isPrivate,
        List.copyOf(refs.values()),
        List.copyOf(commits.values()),
        List.copyOf(hooks.values()),
        statuses(),
        List.copyOf(writes),
        List.copyOf(downloads.values()),
        pushedOn);
  }

  public String uuid() {
    return identity.uuid();
  }

  public String workspace() {
    return identity.workspace();
  }

  public String slug() {
    return identity.slug();
  }

  public String fullName() {
    return workspace() + "/" + slug();
  }

  public Identity identity() {
    return identity;
  }

  void rename(String workspace, String slug) {
    identity = new Identity(uuid(), workspace, slug, identity.projectUuid(), identity.createdOn());
  }

  public boolean isPrivate() {
    return isPrivate;
  }

  public void setPrivate(boolean other) {
    isPrivate = other;
  }

  /** When any of its refs was last moved. */
  public Optional<Instant> pushedOn() {
    return Optional.ofNullable(pushedOn);
  }

  void pushed(Instant at) {
    pushedOn = at;
  }

  public List<Ref> refs() {
    return List.copyOf(refs.values());
  }

  public Optional<Ref> ref(String name) {
    return Optional.ofNullable(refs.get(name));
  }

  /** The branch whose page a visitor sees first: {@code main} where there is one. */
  public Optional<Ref> mainBranch() {
    return ref("refs/heads/main")
        .or(() -> refs.values().stream().filter(Ref::isBranch).findFirst());
  }

  void put(Ref ref) {
    refs.put(ref.name(), ref);
  }

  void removeRef(String name) {
    refs.remove(name);
  }

  /** The commit of that hash, or the only one whose hash begins so. */
  public Optional<Commit> commit(String hash) {
    if (hash.length() < SHORTEST_HASH || commits.containsKey(hash)) {
      return Optional.ofNullable(commits.get(hash));
    }
    List<Commit> found =
        commits.values().stream()
            .filter(commit -> commit.hash().startsWith(hash))
            .limit(2)
            .toList();
    return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
  }

  /** In the order in which they were pushed. */
  public List<Commit> commits() {
    return List.copyOf(commits.values());
  }

  public void put(Commit commit) {
    commits.put(commit.hash(), commit);
  }

  public List<Hook> hooks() {
    return List.copyOf(hooks.values());
  }

  public Optional<Hook> hook(String uuid) {
    return Optional.ofNullable(hooks.get(uuid));
  }

  public void put(Hook hook) {
    hooks.put(hook.uuid(), hook);
  }

  public void removeHook(String uuid) {
    hooks.remove(uuid);
  }

  public List<Status> statuses() {
    return statuses.keySet().stream().flatMap(commit -> statuses(commit).stream()).toList();
  }

  public List<Status> statuses(String commit) {
    return statuses.getOrDefault(commit, Map.of()).values().stream().flatMap(List::stream).toList();
  }

  /** The newest of that key. */
  public Optional<Status> status(String commit, String key) {
    return ofKey(commit, key).reversed().stream().findFirst();
  }

  /** The one of that key under that refname, or without any. */
  public Optional<Status> status(String commit, String key, Optional<String> refname) {
    return ofKey(commit, key).stream()
        .filter(status -> status.refname().equals(refname))
        .findFirst();
  }

  private List<Status> ofKey(String commit, String key) {
    return statuses.getOrDefault(commit, Map.of()).getOrDefault(key, List.of());
  }

  public void put(Status status) {
    statuses
        .computeIfAbsent(status.commit(), commit -> new LinkedHashMap<>())
        .computeIfAbsent(status.key(), key -> new ArrayList<>())
        .add(status);
  }

  public void replace(Status old, Status by) {
    ofKey(old.commit(), old.key()).replaceAll(status -> status.equals(old) ? by : status);
  }

  public List<StatusWrite> writes() {
    return List.copyOf(writes);
  }

  public void record(StatusWrite write) {
    writes.add(write);
  }

  public List<Download> downloads() {
    return List.copyOf(downloads.values());
  }

  public Optional<Download> download(String name) {
    return Optional.ofNullable(downloads.get(name));
  }

  public void put(Download download) {
    downloads.put(download.name(), download);
  }

  public void removeDownload(String name) {
    downloads.remove(name);
  }
}
