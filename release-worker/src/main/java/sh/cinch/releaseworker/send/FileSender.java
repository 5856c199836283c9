package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
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
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/** Sends what is due: several files at once, of one repository not more than half of those. */
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
  private final Runnable settled;
  private final int atOnce;
  private final Set<Transfer> transfers = ConcurrentHashMap.newKeySet();
  private final Attempts<DownloadClaim> attempts;

  /**
   * @param longest how long one transfer may take
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
      int atOnce,
      Runnable settled) {
    this.database = database;
    this.downloads = downloads;
    this.connections = connections;
    this.forges = forges;
    this.contents = contents;
    this.settlement = settlement;
    this.longest = longest;
    this.settled = settled;
    this.atOnce = atOnce;
    this.attempts = Attempts.start("file-sender", atOnce, 1, this::claim, this::send);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    attempts.wake();
  }

  /** How many transfers are under way. */
  public int underWay() {
    return attempts.count();
  }

  /** One a turn: each counts for its repository before the next is chosen. */
  private List<DownloadClaim> claim(int most, Collection<DownloadClaim> underWay) {
    Map<UUID, Long> counts =
        underWay.stream()
            .collect(Collectors.groupingBy(DownloadClaim::repository, Collectors.counting()));
    Set<UUID> busy =
        counts.entrySet().stream()
            .filter(of -> of.getValue() >= Math.max(1, atOnce / 2))
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet());
    return downloads.claim(database.sql(), busy, ClaimHeartbeat.CLAIM).stream().toList();
  }

  private boolean send(DownloadClaim claim) {
    transfer(claim);
    settled.run();
    return true;
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
            database, downloads, forges, contents, longest, claim, desired.get(), connection);
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
