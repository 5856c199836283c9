package sh.cinch.releaseworker.send;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.UUID;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.source.Opened;
import sh.cinch.releaseworker.source.Sources;

/** Opens what is to be sent: a file's source, or the checksums of the other files. */
public final class FileContents {

  private final Sources sources;
  private final Counter sent;

  public FileContents(Sources sources, MeterRegistry metrics) {
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
        .orElseGet(
            () ->
                new Opened.Content(new Bytes(desired.checksums().orElseThrow().bytes()), () -> {}));
  }

  void sent(long bytes) {
    sent.increment((double) bytes);
  }
}
