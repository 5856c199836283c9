package sh.cinch.bitbucket.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What a push did to one ref.
 *
 * @param name the ref without {@code refs/heads/} or {@code refs/tags/}
 * @param oldHash 40 lower-case hex digits; null where the ref is new
 * @param newHash 40 lower-case hex digits; null where the ref is gone. On a tag, annotated or not,
 *     the commit it points to
 * @param forced null where the body does not say
 * @param truncated whether the push had more commits than its body lists
 * @param message of the new commit, at most {@link PushPayload#LONGEST_MESSAGE} bytes of it
 * @param author of the new commit as git has it, e.g. {@code Jo <jo@example.com>}
 */
public record RefChange(
    RefType type,
    String name,
    @Nullable String oldHash,
    @Nullable String newHash,
    @Nullable Boolean forced,
    boolean truncated,
    @Nullable String message,
    @Nullable String author) {

  public RefChange {
    if (oldHash == null && newHash == null) {
      throw new IllegalArgumentException("a change of " + name + " has neither old nor new");
    }
  }

  /** The full name, e.g. {@code refs/tags/v1}. */
  public String ref() {
    return type.ref(name);
  }

  // Presence alone decides: the body's own flags (created, closed) could only contradict it.
  public ChangeKind kind() {
    if (oldHash == null) {
      return ChangeKind.CREATED;
    }
    return newHash == null ? ChangeKind.DELETED : ChangeKind.UPDATED;
  }

  /** The commit to build; null where the ref is gone. */
  public @Nullable String commit() {
    return newHash;
  }
}
