package sh.cinch.ingress.readmodel;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A release, as the API shows it too.
 *
 * @param id {@code ce_id} of the record that asked for it
 * @param tag empty where only an outcome is known yet that does not say
 * @param state {@link #REQUESTED}, or in the words of {@code cinch.outcome.v1}
 * @param reason in words, where it was not delivered
 * @param files in the order of the request, the checksums last
 * @param requestedAt when it was first asked for
 * @param updatedAt when anything about it last changed
 */
public record ReleaseRow(
    String id,
    Named repository,
    Optional<String> tag,
    Optional<String> commit,
    String state,
    Optional<String> reason,
    List<String> warnings,
    List<File> files,
    Instant requestedAt,
    Instant updatedAt) {

  /** Which repository. */
  public record Named(UUID id, String forge, String fullName) {}

  /** Nothing is known of what became of it, or it was replayed since. */
  public static final String REQUESTED = "requested";

  public static final String WAITING = "waiting";
  public static final String DELIVERED = "delivered";
  public static final String FAILED = "failed";

  /**
   * A file of it.
   *
   * @param name in the request; of the checksums in the downloads
   * @param download its name in the downloads; empty where it cannot have one
   * @param size in bytes; empty for the checksums, like what follows
   * @param attempts requests made for it so far
   * @param url where people find it on the forge; empty where it is not there
   */
  public record File(
      String name,
      Optional<String> download,
      Optional<Long> size,
      Optional<String> sha256,
      String state,
      Optional<Integer> httpStatus,
      int attempts,
      Optional<String> reason,
      List<String> warnings,
      Optional<URI> url) {

    public File {
      warnings = List.copyOf(warnings);
    }
  }

  public ReleaseRow {
    warnings = List.copyOf(warnings);
    files = List.copyOf(files);
  }
}
