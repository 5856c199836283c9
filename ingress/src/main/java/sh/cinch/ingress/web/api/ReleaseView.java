package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.readmodel.ReleaseRow;

/** A release as the API shows it. {@code note}: what Bitbucket makes of releases. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ReleaseView(
    String id,
    Named repository,
    @Nullable String tag,
    @Nullable String commit,
    String state,
    @Nullable String reason,
    List<String> warnings,
    List<FileView> files,
    Instant requestedAt,
    Instant updatedAt,
    @Nullable String note) {

  /** Which repository. */
  record Named(String id, String forge, String fullName) {
    static Named of(Connection connection) {
      return new Named(connection.id().toString(), connection.forge(), connection.fullName());
    }
  }

  /** A file of it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record FileView(
      String name,
      @Nullable String download,
      @Nullable Long size,
      @Nullable String sha256,
      String state,
      @Nullable Integer httpStatus,
      int attempts,
      @Nullable String reason,
      List<String> warnings,
      @Nullable URI url) {

    static FileView of(ReleaseRow.File file, Connection connection, Site site) {
      return new FileView(
          file.name(),
          file.download().orElse(null),
          file.size().orElse(null),
          file.sha256().orElse(null),
          file.state(),
          file.httpStatus().orElse(null),
          file.attempts(),
          file.reason().orElse(null),
          file.warnings(),
          file.url(site, connection.fullName()).orElse(null));
    }
  }

  static ReleaseView of(ReleaseRow row, Connection connection, Site site, @Nullable String note) {
    return new ReleaseView(
        row.id(),
        Named.of(connection),
        row.tag().orElse(null),
        row.commit().orElse(null),
        row.state(),
        row.reason().orElse(null),
        row.warnings(),
        row.files().stream().map(file -> FileView.of(file, connection, site)).toList(),
        row.requestedAt(),
        row.updatedAt(),
        note);
  }
}
