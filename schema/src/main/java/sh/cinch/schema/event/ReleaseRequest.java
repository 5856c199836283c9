package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.release.ReleaseSource;

/**
 * Files to be released ({@code cinch.release-request.v1}).
 *
 * @param tag its name alone, also where the whole ref was given
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
  public record Options(@Nullable String name, @Nullable Boolean checksums) {
    public Options {
      name =
          name == null || name.isBlank() ? null : Field.name(name, "options.name", Limits.PATTERN);
    }
  }

  /**
   * One file.
   *
   * @param source {@code https:}, {@code http:} or {@code artifact:<id>}: {@link ReleaseSource}
   * @param size in bytes
   * @param sha256 64 hex digits
   * @param contentType for readers of the topic; Bitbucket documents none for downloads, so it goes
   *     no further
   */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record File(
      String name,
      String source,
      @JsonDeserialize(using = WholeNumber.class) Long size,
      String sha256,
      @Nullable String contentType) {
    public File {
      Field.name(name, "files.name");
      Field.name(source, "files.source", Limits.ADDRESS);
      if (ReleaseSource.of(source).isEmpty()) {
        throw new IllegalArgumentException(
            "field 'files.source' of '%s' is neither artifact:<id> of an uploaded file nor an"
                    .formatted(name)
                + " http(s) address without user name and password");
      }
      if (required(size, "files.size") < 0) {
        throw new IllegalArgumentException("field 'files.size' is negative");
      }
      sha256 = Field.sha256(sha256, "files.sha256");
      contentType = Field.optionalName(contentType, "files.contentType");
    }
  }

  /**
   * The name of a tag, also where the whole ref was given.
   *
   * @throws IllegalArgumentException where it is none
   */
  public static String tag(String given) {
    return Field.tag(given, "tag");
  }

  public ReleaseRequest {
    required(repository, "repository");
    tag = Field.tag(tag, "tag");
    commit = Field.commit(commit, "commit");
    if (required(files, "files").stream().anyMatch(Objects::isNull)) {
      throw new IllegalArgumentException("field 'files' has an entry that is null");
    }
    files = List.copyOf(files);
    if (files.isEmpty()) {
      throw new IllegalArgumentException("field 'files' is empty: a release has at least one");
    }
    if (files.size() > MOST_FILES) {
      throw new IllegalArgumentException(
          "field 'files' has %d: a release has at most %d".formatted(files.size(), MOST_FILES));
    }
  }
}
