package sh.cinch.forge;

/** Commit statuses. */
public interface Statuses {

  /** Makes the status, or overwrites the one with its key; may be repeated. */
  ForgeResult<PostedStatus> post(ForgeRepository repository, CommitStatus status);
}
