package sh.cinch.ingress.readmodel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.WaitingFor;

/**
 * A release, as the API shows it too.
 *
 * @param id {@code ce_id} of the record that asked for it
 * @param version of what the release-worker says; empty until it says something, like {@code round}
 * @param round counts the times it was asked for
 * @param reason in words, where it is not delivered
 * @param files in the order of the request, the checksums last
 * @param requestedAt when it was first asked for
 * @param updatedAt when anything about it last changed
 */
public record ReleaseRow(
    String id,
    Named repository,
    String tag,
    String commit,
    Optional<Long> version,
    Optional<Integer> round,
    ReleaseEvent.State state,
    Optional<WaitingFor> waitingFor,
    Optional<Instant> nextTryAt,
    Optional<String> reason,
    List<String> warnings,
    List<File> files,
    Instant requestedAt,
    Instant updatedAt) {

  /** Which repository. */
  public record Named(UUID id, String forge, String fullName) {}

  /**
   * A file of it.
   *
   * @param name in the request; of the checksums in the downloads
   * @param download its name in the downloads; empty where it cannot have one
   * @param size in bytes; empty for the checksums until they are made, like what follows
   * @param attempts requests made for it so far
   * @param url where people find it on the forge; empty where it is not there
   */
  public record File(
      String name,
      Optional<String> download,
      Optional<Long> size,
      Optional<String> sha256,
      ReleaseEvent.FileState state,
      Optional<Integer> httpStatus,
      int attempts,
      Optional<String> reason,
      List<String> warnings,
      Optional<String> url) {

    public File {
      warnings = List.copyOf(warnings);
    }

    /** As it was asked for, and no more is known. */
    static File open(
        String name, Optional<String> download, Optional<Long> size, Optional<String> sha256) {
      return new File(
          name,
          download,
          size,
          sha256,
          ReleaseEvent.FileState.OPEN,
          Optional.empty(),
          0,
          Optional.empty(),
          List.of(),
          Optional.empty());
    }
  }

  public ReleaseRow {
    warnings = List.copyOf(warnings);
    files = List.copyOf(files);
  }
}
