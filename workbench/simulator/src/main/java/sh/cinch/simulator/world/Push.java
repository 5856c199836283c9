package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A push: several refs moved at once, all of them or none. */
public final class Push {
  /** A webhook lists no more commits than this for each ref. */
  public static final int LISTED_COMMITS = 5;

  /** How far back the ancestors of a forced-away head are looked for. */
  private static final int REMEMBERED_ANCESTORS = 1000;

  /**
   * What is asked for.
   *
   * @param ref the full name
   * @param to hash to move to; a new commit where absent
   * @param commits how many new commits the move brings, unless {@code to} is there already
   */
  public record Move(
      String ref,
      Optional<String> to,
      boolean forced,
      boolean delete,
      int commits,
      boolean annotated,
      Optional<String> message) {}

  /**
   * What came of it.
   *
   * @param commits the newest of what is new, newest first
   * @param truncated whether there are more
   */
  public record Change(
      Optional<Ref> before,
      Optional<Ref> after,
      boolean forced,
      List<Commit> commits,
      boolean truncated) {

    public String ref() {
      return after.or(() -> before).orElseThrow().name();
    }
  }

  /** Whether the push was taken. */
  public sealed interface Outcome {
    record Pushed(List<Change> changes) implements Outcome {}

    record Refused(String why) implements Outcome {}
  }

  private final Repository repository;
  private final Account author;
  private final Instant now;

  public Push(Repository repository, Account author, Instant now) {
    this.repository = repository;
    this.author = author;
    this.now = now;
  }

  public Outcome apply(List<Move> moves) {
    var seen = new HashSet<String>();
    for (Move move : moves) {
      Optional<String> problem = problem(move);
      if (problem.isPresent()) {
        return new Outcome.Refused(problem.get());
      }
      if (!seen.add(move.ref())) {
        return new Outcome.Refused(move.ref() + " is named twice");
      }
    }
    var changes = new ArrayList<Change>();
    for (Move move : moves) {
      changes.add(move.delete() ? delete(move) : move(move, lastHead(changes)));
    }
    repository.pushed(now);
    return new Outcome.Pushed(List.copyOf(changes));
  }

  private Optional<String> problem(Move move) {
    Optional<Ref> before = repository.ref(move.ref());
    if (!Ref.isName(move.ref())) {
      return Optional.of("ref must begin with refs/heads/ or refs/tags/, but is " + move.ref());
    }
    if (move.delete() && before.isEmpty()) {
      return Optional.of(move.ref() + " cannot be deleted: it does not exist");
    }
    if (before.isPresent() && before.map(Ref::target).equals(move.to())) {
      return Optional.of(move.ref() + " is at " + move.to().orElseThrow() + " already");
    }
    return Optional.empty();
  }

  private Change delete(Move move) {
    Optional<Ref> before = repository.ref(move.ref());
    repository.removeRef(move.ref());
    return new Change(before, Optional.empty(), false, List.of(), false);
  }

  private Change move(Move move, Optional<String> pushedHead) {
    Optional<Ref> before = repository.ref(move.ref());
    boolean branch = move.ref().startsWith("refs/heads/");
    Optional<String> to = move.to();
    if (to.isEmpty() && !branch) {
      // a tag is put on what is there, most likely on what the same push brought
      to =
          pushedHead
              .or(() -> repository.mainBranch().map(Ref::target))
              .filter(head -> !before.map(Ref::target).equals(Optional.of(head)));
    }
    String target = to.orElseGet(Fresh::hash);
    if (repository.commit(target).isEmpty()) {
      commit(move, target, base(move, before));
    }
    Optional<Ref.Annotation> annotation =
        move.annotated()
            ? Optional.of(
                new Ref.Annotation(move.message().orElse("Annotated\n"), now, author.uuid()))
            : Optional.empty();
    var after = new Ref(move.ref(), target, annotation);
    repository.put(after);
    List<Commit> listed = branch ? listed(target, before) : List.of();
    return new Change(
        before,
        Optional.of(after),
        move.forced(),
        listed.subList(0, Math.min(LISTED_COMMITS, listed.size())),
        listed.size() > LISTED_COMMITS);
  }

  private static Optional<String> lastHead(List<Change> changes) {
    return changes.reversed().stream()
        .flatMap(change -> change.after().stream())
        .map(Ref::target)
        .findFirst();
  }

  /** New history grows from the old head, forced history from beside it. */
  private Optional<String> base(Move move, Optional<Ref> before) {
    Optional<String> head = before.or(repository::mainBranch).map(Ref::target);
    return move.forced() ? head.flatMap(repository::commit).flatMap(Commit::parent) : head;
  }

  private void commit(Move move, String last, Optional<String> base) {
    Optional<String> parent = base;
    for (int left = move.commits(); left > 0; left--) {
      String hash = left == 1 ? last : Fresh.hash();
      String message =
          move.message().orElse("Work on %s (%s)\n".formatted(move.ref(), hash.substring(0, 7)));
      repository.put(new Commit(hash, parent, now, message, author.uuid()));
      parent = Optional.of(hash);
    }
  }

  /** Newest first, one more than is shown where there are as many. */
  private List<Commit> listed(String head, Optional<Ref> before) {
    Set<String> known =
        new HashSet<>(
            before
                .map(ref -> hashes(ancestors(ref.target(), REMEMBERED_ANCESTORS)))
                .orElse(List.of()));
    return ancestors(head, LISTED_COMMITS + 1).stream()
        .takeWhile(commit -> !known.contains(commit.hash()))
        .toList();
  }

  private List<Commit> ancestors(String head, int limit) {
    var found = new ArrayList<Commit>();
    Optional<Commit> at = repository.commit(head);
    while (at.isPresent() && found.size() < limit) {
      found.add(at.get());
      at = at.get().parent().flatMap(repository::commit);
    }
    return found;
  }

  private static List<String> hashes(List<Commit> commits) {
    return commits.stream().map(Commit::hash).toList();
  }
}
