package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;
import static sh.cinch.schema.event.Field.text;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Files to be released ({@code cinch.release-request.v1}).
 *
 * @param commit what the tag must point to
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record ReleaseRequest(
    RepositoryRef repository,
    String tag,
    String commit,
    @Nullable Options options,
    List<File> files) {

  /** Half of what Bitbucket lets an account ask for in an hour. */
  public static final int MOST_FILES = 500;

  /**
   * How to release.
   *
   * @param name how files are named on the forge, a pattern such as {@code {tag}-{name}}
   * @param checksums whether a file with all checksums goes along
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Options(@Nullable String name, @Nullable Boolean checksums) {}

  /**
   * One file.
   *
   * @param source {@code https:}, {@code http:} or {@code artifact:<id>}
   * @param size in bytes
   * @param sha256 64 hex digits
   * @param contentType for readers of the topic; Bitbucket documents none for downloads, so it goes
   *     no further
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record File(
      String name, String source, Long size, String sha256, @Nullable String contentType) {
    public File {
      text(name, "files.name");
      text(source, "files.source");
      if (required(size, "files.size") < 0) {
        throw new IllegalArgumentException("field 'files.size' is negative");
      }
      Field.sha256(sha256, "files.sha256");
    }
  }

  public ReleaseRequest {
    required(repository, "repository");
    text(tag, "tag");
    Field.commit(commit, "commit");
    files = List.copyOf(required(files, "files"));
    if (files.isEmpty()) {
      throw new IllegalArgumentException("field 'files' is empty: a release has at least one");
    }
    if (files.size() > MOST_FILES) {
      throw new IllegalArgumentException(
          "field 'files' has %d: a release has at most %d".formatted(files.size(), MOST_FILES));
    }
  }
}
