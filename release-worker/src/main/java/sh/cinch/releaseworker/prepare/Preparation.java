package sh.cinch.releaseworker.prepare;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import sh.cinch.forge.Applied;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeSession;
import sh.cinch.releaseworker.releases.Release;
import sh.cinch.service.due.BackOff;

/** One look at the forge before anything is sent there. */
record Preparation(ForgeSession session, ForgeRepository repository, Release release) {

  private static final OptionalInt NOT_FOUND = OptionalInt.of(404);

  /** The downloads, once the tag is right. */
  ForgeResult<ForgeDownloads.Listing> run() {
    return session
        .refs()
        .tag(repository, release.tag())
        .then(commit -> commit.map(this::checked).orElseGet(this::missing))
        .then(checked -> downloads())
        .then(downloads -> downloads.list(repository));
  }

  private ForgeResult<Applied> checked(String commit) {
    return commit.equals(release.commit())
        ? new ForgeResult.Done<>(new Applied(), OptionalInt.empty())
        : never(
            "the tag %s points to %s, and the release was asked for %s. Nothing was sent: release from the commit that is tagged, or move the tag"
                .formatted(release.tag(), commit, release.commit()));
  }

  private ForgeResult<Applied> missing() {
    String reason = "Bitbucket does not know the tag %s".formatted(release.tag());
    Optional<Duration> pause = BackOff.afterNotFound(release.attempts() + 1);
    return pause.isPresent()
        ? new ForgeResult.Later<>(Cause.NOT_FOUND, NOT_FOUND, reason + " (yet)", pause.get())
        : session
            .repositories()
            .unlessOutage(
                repository,
                new ForgeResult.Refused<>(
                    Cause.NOT_FOUND,
                    NOT_FOUND,
                    reason + ". Nothing was sent: push the tag, then release again"));
  }

  private ForgeResult<ForgeDownloads> downloads() {
    return session
        .optional(ForgeDownloads.class)
        .<ForgeResult<ForgeDownloads>>map(
            there -> new ForgeResult.Done<>(there, OptionalInt.empty()))
        .orElseGet(
            () ->
                never(
                    "the place where this repository lives keeps no files beside it, so nothing"
                        + " can be released there"));
  }

  private static <T> ForgeResult<T> never(String reason) {
    return new ForgeResult.Refused<>(Cause.INVALID, OptionalInt.empty(), reason);
  }
}
