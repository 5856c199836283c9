package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Forges;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.DownloadClaim;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Attempts;
import sh.cinch.service.due.Room;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;

/** Sends what is due: several files at once, of which no repository and no credential has all. */
public final class FileSender implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FileSender.class);
  private static final Duration TIME_TO_FINISH = Duration.ofSeconds(10);
  private static final Duration TIME_TO_LEAVE = Duration.ofSeconds(5);

  private final Database database;
  private final Downloads downloads;
  private final ConnectionDirectory connections;
  private final Forges forges;
  private final FileContents contents;
  private final TransferSettlement settlement;
  private final Duration longest;
  private final LeastRate least;
  private final Runnable settled;
  private final Set<Transfer> transfers = ConcurrentHashMap.newKeySet();
  private final Attempts<DownloadClaim> attempts;

  /**
   * @param longest how long one transfer may take
   * @param least how fast one must be
   * @param atOnce transfers under way together
   * @param settled told after each: there may be outcomes to send, or a release to complete
   */
  public FileSender(
      Database database,
      Downloads downloads,
      ConnectionDirectory connections,
      Forges forges,
      FileContents contents,
      TransferSettlement settlement,
      Duration longest,
      LeastRate least,
      int atOnce,
      Runnable settled) {
    this.database = database;
    this.downloads = downloads;
    this.connections = connections;
    this.forges = forges;
    this.contents = contents;
    this.settlement = settlement;
    this.longest = longest;
    this.least = least;
    this.settled = settled;
    this.attempts =
        Attempts.start(
            "file-sender", atOnce, longest.plus(StuckWatch.LONGEST), this::claim, this::send);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    attempts.wake();
  }

  /** How many transfers are under way. */
  public int underWay() {
    return attempts.count();
  }

  private List<DownloadClaim> claim(int free, Collection<DownloadClaim> underWay) {
    return downloads.claim(
        database.sql(),
        new Room(
            free,
            underWay.stream().map(DownloadClaim::repository).toList(),
            connections::credential),
        ClaimHeartbeat.CLAIM);
  }

  private void send(DownloadClaim claim) {
    transfer(claim);
    settled.run();
  }

  private void transfer(DownloadClaim claim) {
    Optional<DesiredFile> desired = downloads.desired(database.sql(), claim);
    if (desired.isEmpty()) {
      downloads.nothing(database.sql(), claim);
      return;
    }
    ConnectionEvent connection = connections.connection(claim.repository());
    Transfer transfer =
        new Transfer(
            database,
            downloads,
            forges,
            contents,
            longest,
            least,
            claim,
            desired.get(),
            connection);
    transfers.add(transfer);
    try {
      Result result = transfer.run();
      settlement.settle(
          new TransferSettlement.Ended(
              claim, desired.get(), connection.repository(), transfer.attempts(), result));
    } finally {
      transfers.remove(transfer);
    }
  }

  @Override
  public Check check() {
    return attempts.check();
  }

  /** Begins nothing more; what does not end within a bound is left to others. */
  @Override
  public void close() {
    if (!attempts.finish(TIME_TO_FINISH)) {
      transfers.forEach(Transfer::leave);
      if (!attempts.finish(TIME_TO_LEAVE)) {
        log.warn("transfers did not end; others will repeat them once their claims run out");
      }
    }
  }
}
