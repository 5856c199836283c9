package sh.cinch.bitbucket.webhook;

import org.jspecify.annotations.Nullable;

/**
 * What a push did to one ref.
 *
 * @param name the ref without {@code refs/heads/} or {@code refs/tags/}
 * @param oldHash 40 lower-case hex digits; null where the ref is new, or the body does not say
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
    ChangeKind kind,
    @Nullable String oldHash,
    @Nullable String newHash,
    @Nullable Boolean forced,
    boolean truncated,
    @Nullable String message,
    @Nullable String author) {

  public RefChange {
    if ((kind == ChangeKind.DELETED) != (newHash == null)) {
      throw new IllegalArgumentException("only what is deleted has no new hash");
    }
    if (kind == ChangeKind.CREATED && oldHash != null) {
      throw new IllegalArgumentException("what is created has no old hash");
    }
  }

  /** The full name, e.g. {@code refs/tags/v1}. */
  public String ref() {
    return type.ref(name);
  }

  /** The commit to build; null where the ref is gone. */
  public @Nullable String commit() {
    return newHash;
  }
}
