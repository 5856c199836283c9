package sh.cinch.releaseworker.send;

import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import java.time.InstantSource;
import sh.cinch.releaseworker.forge.Bitbucket;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.releaseworker.source.Sources;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Leases;

/**
 * What every transfer needs.
 *
 * @param longest how long one may take
 * @param bytes how many have been sent
 */
public record SendParts(
    Database database,
    Releases releases,
    Downloads places,
    ReleaseCompletion endings,
    Outcomes outcomes,
    ConnectionDirectory connections,
    Leases leases,
    Bitbucket bitbucket,
    Sources sources,
    Duration longest,
    Counter bytes,
    InstantSource clock) {

  void counted(long sent) {
    bytes.increment((double) sent);
  }
}
