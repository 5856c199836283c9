package sh.cinch.ingress.readmodel;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.schema.release.ReleaseSource;

/**
 * A file that a request names, or the checksums that go along.
 *
 * @param name what outcomes call it
 * @param download null where the names of this request cannot be had
 * @param size null for the checksums, like what follows
 */
record WantedFile(
    int position,
    String name,
    @Nullable String download,
    @Nullable Long size,
    @Nullable String sha256,
    @Nullable UUID artifact) {

  /** Each name once: the forge has one place for it. */
  static Collection<WantedFile> of(ReleaseRequest request) {
    Optional<DownloadNames> names = names(request);
    Map<String, WantedFile> wanted = new LinkedHashMap<>();
    List<ReleaseRequest.File> files = request.files();
    for (int i = 0; i < files.size(); i++) {
      ReleaseRequest.File file = files.get(i);
      int position = i;
      wanted.putIfAbsent(
          Stored.name(file.name()),
          new WantedFile(
              position,
              Stored.name(file.name()),
              names.map(found -> found.files().get(position).name()).orElse(null),
              file.size(),
              file.sha256(),
              ReleaseSource.artifact(file.source()).orElse(null)));
    }
    names
        .flatMap(DownloadNames::checksums)
        .ifPresent(
            name ->
                wanted.putIfAbsent(
                    name, new WantedFile(files.size(), name, name, null, null, null)));
    return wanted.values();
  }

  /** Empty where they cannot be had: the outcome says why. */
  private static Optional<DownloadNames> names(ReleaseRequest request) {
    try {
      return Optional.of(DownloadNames.of(request));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
