package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.Applied;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeDownloads.Listed;
import sh.cinch.forge.ForgeDownloads.Listing;
import sh.cinch.forge.ForgeDownloads.Upload;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Forges;
import sh.cinch.forge.Purpose;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.DownloadClaim;
import sh.cinch.releaseworker.releases.DownloadState;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.source.Opened;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;

/** One try to put a file under its name. */
final class Transfer {

  /** From here on a broken connection may mean that the file is larger than Bitbucket takes. */
  private static final long HUGE = 1L << 30;

  private static final int TRIES_OF_HUGE = 5;

  private final Database database;
  private final Downloads downloads;
  private final Forges forges;
  private final FileContents contents;
  private final Duration longest;
  private final LeastRate least;
  private final DownloadClaim claim;
  private final DesiredFile desired;
  private final ConnectionEvent connection;
  private final ForgeRepository repository;
  private final int attempt;
  private final ClaimHeartbeat heartbeat = new ClaimHeartbeat(this::renew, this::stop);
  private boolean tried;
  private Result notOpened = new Result.Lapsed(Duration.ZERO);
  private volatile @Nullable VerifiedContent underWay;
  private volatile boolean left;

  Transfer(
      Database database,
      Downloads downloads,
      Forges forges,
      FileContents contents,
      Duration longest,
      LeastRate least,
      DownloadClaim claim,
      DesiredFile desired,
      ConnectionEvent connection) {
    this.database = database;
    this.downloads = downloads;
    this.forges = forges;
    this.contents = contents;
    this.longest = longest;
    this.least = least;
    this.claim = claim;
    this.desired = desired;
    this.connection = connection;
    this.repository = ForgeRepository.of(connection);
    this.attempt = desired.attempts() + 1;
  }

  /** Leaves it to another instance: what is under way is broken off. From any thread. */
  void leave() {
    left = true;
    stop(new Fault.Left("this worker stops"));
  }

  private void stop(Fault.Left why) {
    VerifiedContent content = underWay;
    if (content != null) {
      content.stop(why);
    }
  }

  /** How often this version was tried by now. */
  int attempts() {
    return tried ? attempt : desired.attempts();
  }

  /** The claim is renewed until this returns, and not afterwards. */
  Result run() {
    try (heartbeat) {
      heartbeat.start();
      ForgeResult<ForgeDownloads> there =
          forges
              .open(
                  connection,
                  Purpose.RELEASE,
                  desired.release().trace(),
                  attempt,
                  heartbeat::isHeld)
              .map(Transfer::downloads);
      return there instanceof ForgeResult.Done<ForgeDownloads>(ForgeDownloads forge, var status)
          ? run(forge)
          : halted(there);
    }
  }

  /** Nothing is prepared for a forge that has none. */
  private static ForgeDownloads downloads(ForgeSession session) {
    return session.optional(ForgeDownloads.class).orElseThrow();
  }

  private Result run(ForgeDownloads forge) {
    return switch (desired.state()) {
      case DownloadState.Known known -> send(forge);
      case DownloadState.InDoubt doubt -> clearUp(forge).orElseGet(() -> send(forge));
      case DownloadState.Doomed(var before, String reason) ->
          clearUp(forge).orElseGet(() -> never(reason));
    };
  }

  private Result send(ForgeDownloads forge) {
    return switch (forge.upload(repository, claim.name(), desired.file().size(), this::open)) {
      case Upload.Answered(ForgeResult<Applied> result) -> answered(result);
      case Upload.Torn(String reason) -> torn(forge, reason);
    };
  }

  private Optional<ForgeDownloads.Content.Opened> open() {
    tried = true;
    return switch (contents.open(claim.repository(), desired)) {
      case Opened.Refused(String reason) -> notOpened(never(reason));
      case Opened.NotNow(String reason) -> notOpened(sourceLater(reason));
      case Opened.Content(var bytes, Runnable close) -> {
        VerifiedContent content = new VerifiedContent(bytes, desired.file());
        underWay = content;
        if (!downloads.begin(database.sql(), claim, desired) || left || !heartbeat.isHeld()) {
          close.run();
          yield notOpened(new Result.Lapsed(Duration.ZERO));
        }
        ContentWatch watch = new ContentWatch(content, longest, least);
        watch.start();
        yield Optional.of(
            new ForgeDownloads.Content.Opened(
                content,
                () -> {
                  watch.close();
                  close.run();
                  contents.sent(content.seen());
                }));
      }
    };
  }

  private Optional<ForgeDownloads.Content.Opened> notOpened(Result why) {
    notOpened = why;
    return Optional.empty();
  }

  private boolean renew() {
    return downloads.renew(database.sql(), claim, ClaimHeartbeat.CLAIM);
  }

  private Result answered(ForgeResult<Applied> result) {
    return switch (result) {
      case ForgeResult.Done<Applied>(Applied applied, OptionalInt status) ->
          new Result.Sent(status);
      // What it left is looked at before the next try, once it can no longer land.
      case ForgeResult.Unclear<Applied> unclear -> perhapsTooLarge(unclear);
      case ForgeResult.NotBegun<Applied> notBegun -> notOpened;
      case ForgeResult.Later<Applied> later -> refused(later);
      case ForgeResult.Refused<Applied> refused -> refused(refused);
    };
  }

  private Result refused(ForgeResult<Applied> result) {
    downloads.known(database.sql(), claim, desired.state().before());
    return halted(result);
  }

  /** A refusal for its size may be lost when the connection is cut under the rest of the body. */
  private Result perhapsTooLarge(ForgeResult.Unclear<Applied> unclear) {
    if (desired.file().size() < HUGE || unclear.httpStatus().isPresent()) {
      return new Result.Later(unclear.asLater());
    }
    String reason =
        "%s. The file has %.1f GB: it may be larger than Bitbucket takes, which documents no limit"
            .formatted(unclear.reason(), desired.file().size() / 1e9);
    return attempt < TRIES_OF_HUGE
        ? new Result.Later(
            new ForgeResult.Later<>(Cause.FORGE, OptionalInt.empty(), reason, unclear.pause()))
        : never(
            "given up after %d broken uploads: %s; split the file, or keep it elsewhere and link to it"
                .formatted(attempt, reason));
  }

  /**
   * The request was broken off, so that it cannot be taken for whole. What it may have left is
   * looked for now, and once more when none of it can land any longer.
   */
  private Result torn(ForgeDownloads forge, String reason) {
    Fault fault =
        Optional.ofNullable(underWay)
            .flatMap(VerifiedContent::fault)
            .orElseGet(() -> new Fault.Broke(reason));
    if (!renew()) {
      return new Result.Lapsed(ForgeResult.MAY_STILL_LAND);
    }
    clearWhatIsThere(forge);
    return switch (fault) {
      case Fault.Wrong(String wrong) -> {
        String why = wrong + ". It was not released";
        downloads.doom(database.sql(), claim, desired, why);
        yield laterThanItLands(Cause.SOURCE, why);
      }
      case Fault.Broke(String broke) -> laterThanItLands(Cause.SOURCE, broke);
      case Fault.Slow(Cause whose, String slow) -> laterThanItLands(whose, slow);
      case Fault.Left toOthers -> new Result.Lapsed(ForgeResult.MAY_STILL_LAND);
    };
  }

  private void clearWhatIsThere(ForgeDownloads forge) {
    if (forge.list(repository) instanceof ForgeResult.Done<Listing>(Listing all, var status)
        && isInDoubt(all.find(claim.name()))
        && forge.delete(repository, claim.name()) instanceof ForgeResult.Done) {
      downloads.cleared(database.sql(), claim);
    }
  }

  /** Something is there, and it is not what stood there before. */
  private boolean isInDoubt(Optional<Listed> there) {
    return there.isPresent() && !there.equals(desired.state().before());
  }

  /**
   * What an upload without a known end has left: looked at, and deleted on doubt.
   *
   * @return empty where the file can be sent now
   */
  private Optional<Result> clearUp(ForgeDownloads forge) {
    ForgeResult<Listing> listing = forge.list(repository);
    if (!(listing instanceof ForgeResult.Done<Listing>(Listing all, var status))) {
      return Optional.of(halted(listing));
    }
    Optional<Listed> there = all.find(claim.name());
    if (there.isEmpty() && all.unread() > 0) {
      return Optional.of(new Result.Later(untold(all.unread())));
    }
    if (!isInDoubt(there)) {
      downloads.known(database.sql(), claim, there);
      return Optional.empty();
    }
    if (desired.state() instanceof DownloadState.InDoubt doubt && isWhole(there.get(), doubt)) {
      return Optional.of(new Result.Sent(OptionalInt.empty()));
    }
    ForgeResult<Applied> deleted = forge.delete(repository, claim.name());
    if (!(deleted instanceof ForgeResult.Done)) {
      return Optional.of(halted(deleted));
    }
    downloads.known(database.sql(), claim, Optional.empty());
    return Optional.empty();
  }

  /** Half of the file may be among what nobody can read: to take it for gone would publish it. */
  private ForgeResult.Later<Applied> untold(int unread) {
    return new ForgeResult.Later<>(
        Cause.FORGE,
        OptionalInt.empty(),
        "Bitbucket lists %d downloads that could not be read, and half of %s may be one of them: look at the repository's downloads, and delete those"
            .formatted(unread, claim.name()),
        BackOff.after(attempt));
  }

  /**
   * The last bytes of an upload go only when all are right: as many as announced are the file,
   * where it is sure that they did not stand there before.
   */
  private boolean isWhole(Listed there, DownloadState.InDoubt begun) {
    return begun.sha256().equals(desired.file().sha256())
        && there.size().equals(OptionalLong.of(begun.size()))
        && there.madeAt().isPresent()
        && begun.before().flatMap(Listed::madeAt).isPresent() == begun.before().isPresent();
  }

  /** Of a call that is not done. */
  private static Result halted(ForgeResult<?> result) {
    return switch (result) {
      case ForgeResult.Later<?> later -> new Result.Later(later);
      case ForgeResult.Unclear<?> unclear -> new Result.Later(unclear.asLater());
      case ForgeResult.Refused<?> refused -> new Result.Never(refused);
      case ForgeResult.NotBegun<?> notBegun -> new Result.Lapsed(Duration.ZERO);
      case ForgeResult.Done<?> done -> throw new IllegalStateException("it is done");
    };
  }

  private static Result never(String reason) {
    return new Result.Never(new ForgeResult.Refused<>(Cause.INVALID, OptionalInt.empty(), reason));
  }

  private Result sourceLater(String reason) {
    return later(Cause.SOURCE, reason, BackOff.after(attempt));
  }

  private Result laterThanItLands(Cause cause, String reason) {
    Duration pause = BackOff.after(attempt);
    return later(
        cause,
        reason,
        pause.compareTo(ForgeResult.MAY_STILL_LAND) < 0 ? ForgeResult.MAY_STILL_LAND : pause);
  }

  private static Result later(Cause cause, String reason, Duration pause) {
    return new Result.Later(new ForgeResult.Later<>(cause, OptionalInt.empty(), reason, pause));
  }
}
