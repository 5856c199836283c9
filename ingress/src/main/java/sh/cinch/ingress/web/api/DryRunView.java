package sh.cinch.ingress.web.api;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.ForgeDownloads.Listed;
import sh.cinch.forge.ForgeDownloads.Listing;
import sh.cinch.ingress.connecting.Words;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.readmodel.ReleaseRow;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadName;
import sh.cinch.schema.release.DownloadNames;

/** What a release would do. {@code checksums}: the name of the file that lists them. */
record DryRunView(
    ReleaseRow.Named repository,
    String tag,
    String commit,
    List<Planned> files,
    @Nullable String checksums,
    List<String> warnings,
    String note) {

  /** A file that would be sent. */
  record Planned(String name, String download, long size, @Nullable Replaced replaces) {}

  /** What stands in its place now. */
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
      Connection connection, ReleaseRequest request, DownloadNames names, Listing there) {
    Map<String, Listed> byName =
        there.files().stream()
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
    if (there.unread() > 0) {
      warnings.add(
          "Bitbucket lists %d downloads that could not be read: a file may replace one of them."
              .formatted(there.unread()));
    }
    names.checksums().map(byName::get).map(DryRunView::replaces).ifPresent(warnings::add);
    return new DryRunView(
        new ReleaseRow.Named(connection.id(), connection.forge(), connection.fullName()),
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
