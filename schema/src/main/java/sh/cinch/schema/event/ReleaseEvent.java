package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a release and its files stand now ({@code cinch.release.v1}).
 *
 * @param id {@code ce_id} of the record that asked for it
 * @param version rises by one with each change; lower ones are to be ignored
 * @param round counts the times it was asked for: a release that failed may be replayed
 * @param requestedAt when it was first asked for
 * @param waitingFor null unless it waits
 * @param nextTryAt when it is tried next; null where its files are on their way, or nothing is
 * @param files in the order of the request, the checksums last
 * @param reason in words, where it is not delivered
 */
public record ReleaseEvent(
    Repository repository,
    String id,
    String tag,
    String commit,
    long version,
    int round,
    Instant requestedAt,
    State state,
    @Nullable WaitingFor waitingFor,
    @Nullable Instant nextTryAt,
    List<File> files,
    List<String> warnings,
    @Nullable String reason,
    Instant at) {

  /** Those of the request, and the checksums. */
  public static final int MOST_FILES = ReleaseRequest.MOST_FILES + 1;

  /** How far a release has come. */
  public enum State {
    @JsonProperty("requested")
    REQUESTED,
    @JsonProperty("sending")
    SENDING,
    @JsonProperty("delivered")
    DELIVERED,
    @JsonProperty("superseded")
    SUPERSEDED,
    @JsonProperty("failed")
    FAILED
  }

  /** How far one of its files has come. */
  public enum FileState {
    @JsonProperty("open")
    OPEN,
    @JsonProperty("delivered")
    DELIVERED,
    @JsonProperty("superseded")
    SUPERSEDED,
    @JsonProperty("failed")
    FAILED
  }

  /**
   * One file.
   *
   * @param name in the request; of the checksums in the downloads
   * @param downloadName on the forge
   * @param size in bytes
   * @param sha256 64 hex digits
   * @param url where people find it on the forge; null where it is not there
   * @param httpStatus the forge's last answer; null where there was none
   * @param attempts requests made for it
   */
  public record File(
      String name,
      String downloadName,
      long size,
      String sha256,
      FileState state,
      @Nullable String url,
      @Nullable Integer httpStatus,
      int attempts,
      @Nullable String reason,
      List<String> warnings) {
    public File {
      Field.name(name, "files.name");
      Field.name(downloadName, "files.downloadName");
      sha256 = Field.sha256(sha256, "files.sha256");
      required(state, "files.state");
      url = Field.optionalId(url, Limits.ADDRESS);
      reason = Field.optionalShown(reason, Limits.REASON);
      warnings = Field.warnings(warnings);
    }
  }

  public ReleaseEvent {
    required(repository, "repository");
    Field.name(id, "id");
    Field.name(tag, "tag", Limits.TAG);
    commit = Field.commit(commit, "commit");
    required(requestedAt, "requestedAt");
    required(state, "state");
    files = List.copyOf(required(files, "files"));
    if (files.size() > MOST_FILES) {
      throw new IllegalArgumentException(
          "field 'files' has %d: a release has at most %d".formatted(files.size(), MOST_FILES));
    }
    warnings = Field.warnings(warnings);
    reason = Field.optionalShown(reason, Limits.REASON);
    required(at, "at");
  }
}
