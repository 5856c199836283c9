package sh.cinch.releaseworker.send;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.Answer.Unavailable;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Done;
import sh.cinch.bitbucket.client.Download;
import sh.cinch.bitbucket.client.Upload;
import sh.cinch.bitbucket.client.Uploaded;
import sh.cinch.releaseworker.forge.Access;
import sh.cinch.releaseworker.forge.Got;
import sh.cinch.releaseworker.forge.Lending;
import sh.cinch.releaseworker.forge.Obstacle;
import sh.cinch.releaseworker.forge.Setback;
import sh.cinch.releaseworker.releases.DesiredFile;
import sh.cinch.releaseworker.releases.DownloadClaim;
import sh.cinch.releaseworker.releases.ListedDownload;
import sh.cinch.releaseworker.releases.ReleaseFile;
import sh.cinch.releaseworker.source.Opened;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.lease.Lease;

/** One try to put a file into its place. */
final class Transfer {

  /** After its time limit a request may still take effect for that long. */
  static final Duration MAY_STILL_LAND = Duration.ofSeconds(15);

  private static final int UNAUTHORIZED = 401;
  private static final int NOT_FOUND = 404;

  /** From here on a broken connection may mean that the file is larger than Bitbucket takes. */
  private static final long HUGE = 1L << 30;

  private static final int TRIES_OF_HUGE = 5;

  private final SendParts parts;
  private final DownloadClaim claim;
  private final DesiredFile wanted;
  private final ConnectionEvent connection;
  private final int attempt;
  private boolean tried;
  private boolean givenBack;
  private volatile @Nullable VerifiedContent underWay;
  private volatile boolean left;

  Transfer(SendParts parts, DownloadClaim claim, DesiredFile wanted, ConnectionEvent connection) {
    this.parts = parts;
    this.claim = claim;
    this.wanted = wanted;
    this.connection = connection;
    this.attempt = wanted.attempts() + 1;
  }

  /** Somebody else shall send it: what is under way is broken off. From any thread. */
  void leave() {
    left = true;
    VerifiedContent content = underWay;
    if (content != null) {
      content.stop(new Fault.Left("this worker stops"));
    }
  }

  /** How often this version was tried by now. */
  int attempts() {
    return tried ? attempt : wanted.attempts();
  }

  Result run() {
    UUID credential = connection.credentialId();
    if (connection.state() == ConnectionEvent.State.DISCONNECTED || credential == null) {
      return never("the repository is not connected with Cinch any more");
    }
    Access access =
        new Access(
            parts.bitbucket(),
            parts.leases(),
            credential,
            connection.repository(),
            wanted.release().trace(),
            attempt);
    return wanted
        .begun()
        .flatMap(begun -> clearUp(access, begun))
        .or(() -> wanted.doomed().map(Transfer::never))
        .orElseGet(() -> lendAndSend(access));
  }

  private Result lendAndSend(Access access) {
    return switch (access.lend()) {
      case Lending.Withheld(Setback setback) -> new Result.Halted(setback);
      case Lending.Lent(Lease lease) -> openAndSend(access, lease);
    };
  }

  private Result openAndSend(Access access, Lease lease) {
    tried = true;
    return switch (open(wanted.file())) {
      case Opened.Refused(String reason) -> never(reason);
      case Opened.NotNow(String reason) -> sourceLater(reason);
      case Opened.Content(var bytes, Runnable close) -> {
        try {
          yield send(access, lease, new VerifiedContent(bytes, wanted.file()));
        } finally {
          close.run();
        }
      }
    };
  }

  private Opened open(ReleaseFile file) {
    return file.source()
        .map(source -> parts.sources().open(claim.repository(), source, file.size()))
        .orElseGet(() -> new Opened.Content(new Bytes(checksums()), () -> {}));
  }

  private byte[] checksums() {
    return parts.releases().checksums(parts.database().sql(), wanted.release().id()).bytes();
  }

  private Result send(Access access, Lease lease, VerifiedContent content) {
    if (!parts.places().begin(parts.database().sql(), claim, wanted)) {
      return new Result.Lapsed(Duration.ZERO);
    }
    underWay = content;
    if (left) {
      return new Result.Lapsed(Duration.ZERO);
    }
    Uploaded uploaded;
    try (ClaimHeartbeat hold =
        new ClaimHeartbeat(
            () -> parts.places().hold(parts.database().sql(), claim, ClaimHeartbeat.FOR),
            content,
            parts.longest())) {
      uploaded =
          access
              .uploads(lease)
              .upload(access.address(), new Upload(claim.name(), wanted.file().size(), content));
    }
    parts.counted(content.seen());
    return switch (uploaded) {
      case Uploaded.Answered(Answer<Done> answer) -> answered(access, lease, answer);
      case Uploaded.Torn(Throwable cause, boolean begun) -> torn(access, content, cause);
    };
  }

  private Result answered(Access access, Lease lease, Answer<Done> answer) {
    if (answer instanceof Ok<Done>(Done done, int status)) {
      return new Result.Sent(OptionalInt.of(status));
    }
    if (answer instanceof Refused<Done> refused && refused.status() == UNAUTHORIZED) {
      access.giveBack(lease);
      if (!givenBack) {
        givenBack = true;
        return lendAndSend(access);
      }
    }
    Setback setback = access.refusals().of(answer).orElseThrow();
    if (answer instanceof Unavailable<Done> lost && lost.mayHaveHappened()) {
      // What it left is looked at before the next try, once it can no longer land.
      return afterItLanded(new Result.Halted(perhapsTooLarge(setback, lost)));
    }
    parts.places().known(parts.database().sql(), claim, wanted.before());
    return new Result.Halted(setback);
  }

  private static Result afterItLanded(Result result) {
    return result
                instanceof
                Result.Halted(Setback.Later(var obstacle, var status, var reason, var pause))
            && pause.compareTo(MAY_STILL_LAND) < 0
        ? new Result.Halted(new Setback.Later(obstacle, status, reason, MAY_STILL_LAND))
        : result;
  }

  /** A refusal for its size may be lost when the connection is cut under the rest of the body. */
  private Setback perhapsTooLarge(Setback setback, Unavailable<Done> lost) {
    if (wanted.file().size() < HUGE
        || lost.status().isPresent()
        || !(setback instanceof Setback.Later later)) {
      return setback;
    }
    String reason =
        "%s. The file has %.1f GB: it may be larger than Bitbucket takes, which documents no limit"
            .formatted(later.reason(), wanted.file().size() / 1e9);
    return attempt < TRIES_OF_HUGE
        ? new Setback.Later(later.obstacle(), later.httpStatus(), reason, later.pause())
        : new Setback.Never(
            later.httpStatus(),
            "given up after %d broken uploads: %s; split the file, or keep it elsewhere and link to it"
                .formatted(attempt, reason));
  }

  /**
   * The request was broken off, so that it cannot be taken for whole. What it may have left is
   * looked for now, and once more when none of it can land any longer.
   */
  private Result torn(Access access, VerifiedContent content, Throwable cause) {
    Fault fault =
        content.fault().orElseGet(() -> new Fault.Broke(String.valueOf(cause.getMessage())));
    if (!parts.places().hold(parts.database().sql(), claim, ClaimHeartbeat.FOR)) {
      return new Result.Lapsed(MAY_STILL_LAND);
    }
    clearWhatIsThere(access);
    return switch (fault) {
      case Fault.Wrong(String reason) -> {
        String why = reason + ". It was not released";
        parts.places().doom(parts.database().sql(), claim, wanted, why);
        yield afterItLanded(sourceLater(why));
      }
      case Fault.Broke(String reason) -> afterItLanded(sourceLater(reason));
      case Fault.Slow(String reason) -> afterItLanded(sourceLater(reason));
      case Fault.Left toOthers -> new Result.Lapsed(MAY_STILL_LAND);
    };
  }

  private void clearWhatIsThere(Access access) {
    if (access.get(client -> client.downloads(access.address()))
            instanceof Got.Value<List<Download>>(List<Download> all)
        && isInDoubt(listed(all))
        && access.get(client -> deleted(client, access)) instanceof Got.Value<Done>) {
      parts.places().cleared(parts.database().sql(), claim);
    }
  }

  private Optional<ListedDownload> listed(List<Download> all) {
    return all.stream()
        .filter(one -> one.name().equals(claim.name()))
        .map(ListedDownload::of)
        .findFirst();
  }

  /** Something is there, and it is not what stood there before. */
  private boolean isInDoubt(Optional<ListedDownload> there) {
    return there.isPresent() && !there.equals(wanted.before());
  }

  /**
   * What an upload without a known end has left: looked at, and deleted on doubt.
   *
   * @return empty where the file can be sent now
   */
  private Optional<Result> clearUp(Access access, DesiredFile.Begun begun) {
    return switch (access.get(client -> client.downloads(access.address()))) {
      case Got.Not<List<Download>>(Setback setback) -> Optional.of(new Result.Halted(setback));
      case Got.Value<List<Download>>(List<Download> all) -> {
        Optional<ListedDownload> there = listed(all);
        if (!isInDoubt(there)) {
          parts.places().known(parts.database().sql(), claim, there);
          yield Optional.empty();
        }
        if (wanted.doomed().isEmpty() && isWhole(there.get(), begun)) {
          yield Optional.of(new Result.Sent(OptionalInt.empty()));
        }
        yield delete(access);
      }
    };
  }

  /**
   * The last bytes of an upload go only when all are right: as many as announced are the file,
   * where it is sure that they did not stand there before.
   */
  private boolean isWhole(ListedDownload there, DesiredFile.Begun begun) {
    return begun.sha256().equals(wanted.file().sha256())
        && there.size().equals(OptionalLong.of(begun.size()))
        && there.madeAt().isPresent()
        && wanted.before().flatMap(ListedDownload::madeAt).isPresent()
            == wanted.before().isPresent();
  }

  private Optional<Result> delete(Access access) {
    return switch (access.get(client -> deleted(client, access))) {
      case Got.Not<Done>(Setback setback) -> Optional.of(new Result.Halted(setback));
      case Got.Value<Done> gone -> {
        parts.places().known(parts.database().sql(), claim, Optional.empty());
        yield Optional.empty();
      }
    };
  }

  private Answer<Done> deleted(BitbucketClient client, Access access) {
    Answer<Done> answer = client.deleteDownload(access.address(), claim.name());
    return answer instanceof Refused<Done> refused && refused.status() == NOT_FOUND
        ? new Ok<>(new Done(), refused.status())
        : answer;
  }

  private static Result never(String reason) {
    return new Result.Halted(new Setback.Never(OptionalInt.empty(), reason));
  }

  private Result sourceLater(String reason) {
    return new Result.Halted(
        new Setback.Later(Obstacle.SOURCE, OptionalInt.empty(), reason, BackOff.after(attempt)));
  }
}
