package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One ref that a push changed ({@code cinch.push.v1}).
 *
 * @param ref {@code refs/heads/…} or {@code refs/tags/…}
 * @param oldHash where the ref pointed before; null where it is new, or where the forge did not say
 * @param newHash where it points now; null where it was deleted
 * @param forced null where the forge does not say
 * @param commit the commit to build, a tag peeled; null on delete
 * @param message the commit's message, of a very long one the beginning; null where the forge did
 *     not say
 * @param author as git has it, {@code Jo <jo@example.com>}
 * @param truncated whether the push had more commits than the forge listed
 * @param reconciled found by comparing heads, not by a delivery; then {@code actor}, {@code
 *     hookId}, {@code deliveryId} and {@code attempt} are null
 * @param test composed by Cinch itself: the ref is where it was; never null, though 0.1.0 did not
 *     write it
 * @param attempt which try of the forge this delivery was, 1 to 3
 * @param replayOf the id of the event that somebody asked to have again as a new one
 */
public record PushEvent(
    Repository repository,
    String ref,
    Type type,
    Change change,
    @JsonProperty("old") @Nullable String oldHash,
    @JsonProperty("new") @Nullable String newHash,
    @Nullable Boolean forced,
    @Nullable String commit,
    @Nullable String message,
    @Nullable String author,
    boolean truncated,
    boolean reconciled,
    @Nullable Boolean test,
    @Nullable Actor actor,
    @Nullable UUID hookId,
    @Nullable UUID deliveryId,
    @Nullable Integer attempt,
    @Nullable String replayOf,
    Instant receivedAt) {

  private static final List<String> NAMESPACES = List.of("refs/heads/", "refs/tags/");

  /** What kind of ref it is. */
  public enum Type {
    @JsonProperty("branch")
    BRANCH,
    @JsonProperty("tag")
    TAG
  }

  /** What happened to the ref. */
  public enum Change {
    @JsonProperty("created")
    CREATED,
    @JsonProperty("updated")
    UPDATED,
    @JsonProperty("deleted")
    DELETED
  }

  /**
   * Who pushed, as far as the forge says.
   *
   * @param uuid the forge's id of the account
   */
  public record Actor(@Nullable String uuid, @Nullable String name) {
    public Actor {
      uuid = Field.optionalId(uuid, Limits.NAME);
      name = Field.optionalShown(name, Limits.TITLE);
    }
  }

  public PushEvent {
    required(repository, "repository");
    checkRef(ref);
    required(type, "type");
    required(change, "change");
    oldHash = Field.optionalCommit(oldHash, "old");
    newHash = Field.optionalCommit(newHash, "new");
    commit = Field.optionalCommit(commit, "commit");
    message = Field.optionalParagraph(message, Limits.TEXT);
    author = Field.optionalShown(author, Limits.TITLE);
    test = Boolean.TRUE.equals(test);
    replayOf = Field.optionalId(replayOf, Limits.NAME);
    required(receivedAt, "receivedAt");
  }

  /** Why there can be no event of a ref of this name; empty where there can. */
  public static Optional<String> objection(String ref) {
    try {
      checkRef(ref);
      return Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static void checkRef(String ref) {
    Field.name(ref, "ref", Limits.REF);
    // Of git's own rules only this: it allows line separators, those of ASCII apart.
    if (NAMESPACES.stream().noneMatch(each -> ref.startsWith(each) && !ref.equals(each))) {
      throw new IllegalArgumentException("field 'ref' is neither refs/heads/… nor refs/tags/…");
    }
  }
}
