package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.Forges;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.DownloadClaim;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;

/** Sends what is due: several files at once, of one repository not more than half of those. */
public final class FileSender implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FileSender.class);
  private static final Duration PAUSE = Duration.ofMillis(500);
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
  private final Semaphore free;
  private final Map<UUID, Integer> underWay = new HashMap<>();
  private final Set<Transfer> transfers = ConcurrentHashMap.newKeySet();
  private final Loop loop;
  private volatile boolean open = true;

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
    this.free = new Semaphore(atOnce);
    this.loop = Loop.start("file-sender", this::sendWhatIsDue, PAUSE);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    loop.wake();
  }

  /** How many transfers are under way. */
  public int underWay() {
    return atOnce - free.availablePermits();
  }

  /**
   * @return whether more may be due than was begun
   */
  private boolean sendWhatIsDue() {
    if (!isFree()) {
      return open;
    }
    Optional<DownloadClaim> claim = Optional.empty();
    try {
      claim = downloads.claim(database.sql(), busy(), ClaimHeartbeat.CLAIM);
      claim.ifPresent(this::start);
    } finally {
      if (claim.isEmpty()) {
        free.release();
      }
    }
    return open && claim.isPresent();
  }

  private boolean isFree() {
    try {
      return open && free.tryAcquire(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized Set<UUID> busy() {
    int bound = Math.max(1, atOnce / 2);
    return underWay.entrySet().stream()
        .filter(of -> of.getValue() >= bound)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private void start(DownloadClaim claim) {
    count(claim.repository(), 1);
    Thread.ofVirtual()
        .name("send")
        .start(
            () -> {
              try {
                send(claim);
                settled.run();
              } catch (RuntimeException e) {
                // Nothing was written: once the claim has run out the download is due again.
                if (!Database.isAway(e)) {
                  log.warn("transfer failed repository={}", claim.repository(), e);
                }
              } finally {
                count(claim.repository(), -1);
                free.release();
                loop.wake();
              }
            });
  }

  private synchronized void count(UUID repository, int change) {
    underWay.merge(
        repository,
        change,
        (before, more) -> before + more == 0 ? null : Integer.valueOf(before + more));
  }

  private void send(DownloadClaim claim) {
    Optional<DesiredFile> desired = downloads.desired(database.sql(), claim);
    if (desired.isEmpty()) {
      downloads.nothing(database.sql(), claim);
      return;
    }
    ConnectionEvent connection =
        connections
            .find(RepositoryRef.byId(claim.repository()))
            .orElseThrow(() -> new IllegalStateException("no connection of it"));
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
    return loop.check();
  }

  /** Begins nothing more; what does not end within a bound is left to others. */
  @Override
  public void close() {
    open = false;
    loop.close();
    try {
      if (!ended(TIME_TO_FINISH)) {
        transfers.forEach(Transfer::leave);
        if (!ended(TIME_TO_LEAVE)) {
          log.warn("transfers did not end; others will repeat them once their claims run out");
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean ended(Duration within) throws InterruptedException {
    return free.tryAcquire(atOnce, within.toMillis(), TimeUnit.MILLISECONDS);
  }
}
