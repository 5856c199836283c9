package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.ForgeDownloads.Listed;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadName;
import sh.cinch.schema.release.DownloadNames;

/** What a release would do. {@code checksums}: the name of the file that lists them. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record DryRunView(
    ReleaseView.Named repository,
    String tag,
    String commit,
    List<Planned> files,
    @Nullable String checksums,
    List<String> warnings,
    String note) {

  /** A file that would be sent. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Planned(String name, String download, long size, @Nullable Replaced replaces) {}

  /** What stands in its place now. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Replaced(@Nullable Long size, @Nullable Instant createdOn) {

    static Replaced of(Listed download) {
      return new Replaced(
          download.size().isPresent() ? download.size().getAsLong() : null,
          download.madeAt().orElse(null));
    }
  }

  /**
   * @param there what is in the downloads now
   */
  static DryRunView of(
      Connection connection, ReleaseRequest request, DownloadNames names, List<Listed> there) {
    Map<String, Listed> byName =
        there.stream()
            .collect(Collectors.toMap(Listed::name, Function.identity(), (one, other) -> one));
    List<Planned> planned = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (int i = 0; i < request.files().size(); i++) {
      DownloadName name = names.files().get(i);
      Optional<Listed> old = Optional.ofNullable(byName.get(name.name()));
      planned.add(
          new Planned(
              name.file(),
              name.name(),
              request.files().get(i).size(),
              old.map(Replaced::of).orElse(null)));
      if (name.altered()) {
        warnings.add(
            "'%s' will be called %s: only letters, digits, dots, underscores and hyphens are safe in the name of a download."
                .formatted(name.file(), name.name()));
      }
      old.map(DryRunView::replaces).ifPresent(warnings::add);
    }
    names.checksums().map(byName::get).map(DryRunView::replaces).ifPresent(warnings::add);
    return new DryRunView(
        ReleaseView.Named.of(connection),
        request.tag(),
        request.commit(),
        planned,
        names.checksums().orElse(null),
        warnings,
        Words.RELEASES);
  }

  private static String replaces(Listed old) {
    return "%s is in the downloads already (%s%s) and will be replaced."
        .formatted(
            old.name(),
            old.size().isPresent() ? old.size().getAsLong() + " bytes" : "of unknown size",
            old.madeAt().map(at -> ", since " + at).orElse(""));
  }
}
