package sh.cinch.releaseworker.send;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.releaseworker.source.Opened;
import sh.cinch.releaseworker.source.Sources;
import sh.cinch.service.database.Database;

/** Opens what is to be sent: a file's source, or the checksums of the other files. */
public final class FileContents {

  private final Database database;
  private final Releases releases;
  private final Sources sources;
  private final Counter sent;

  public FileContents(
      Database database, Releases releases, Sources sources, MeterRegistry metrics) {
    this.database = database;
    this.releases = releases;
    this.sources = sources;
    this.sent =
        Counter.builder("cinch.release.sent")
            .description("Bytes of files on their way to Bitbucket")
            .baseUnit("bytes")
            .register(metrics);
  }

  Opened open(UUID repository, DesiredFile desired) {
    return desired
        .file()
        .source()
        .map(source -> sources.open(repository, source, desired.file().size()))
        .orElseGet(() -> new Opened.Content(new Bytes(checksums(desired)), () -> {}));
  }

  void sent(long bytes) {
    sent.increment((double) bytes);
  }

  private byte[] checksums(DesiredFile desired) {
    return releases.checksums(database.sql(), desired.release().id()).bytes();
  }
}
