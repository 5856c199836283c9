package sh.cinch.releaseworker.prepare;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.releaseworker.forge.Access;
import sh.cinch.releaseworker.forge.Bitbucket;
import sh.cinch.releaseworker.forge.Setback;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.releases.DownloadDecision;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.releases.ListedDownload;
import sh.cinch.releaseworker.releases.Release;
import sh.cinch.releaseworker.releases.ReleaseClaim;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.ReleaseFile;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Loop;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.text.OneLine;

/** Sees to releases that are due: wants their files in their places, once the tag is right. */
public final class ReleasePreparer implements Checked, AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(ReleasePreparer.class);
  private static final int AT_ONCE = 4;
  private static final Duration HOLD = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final ServiceContext context;
  private final Releases releases;
  private final Downloads places;
  private final ReleaseCompletion endings;
  private final Outcomes outcomes;
  private final ConnectionDirectory connections;
  private final Leases leases;
  private final Bitbucket bitbucket;
  private final Runnable wanted;
  private final Loop loop;

  /**
   * @param wanted told when files may be due, or outcomes to be sent
   */
  public ReleasePreparer(
      ServiceContext context,
      Releases releases,
      Downloads places,
      ReleaseCompletion endings,
      Outcomes outcomes,
      ConnectionDirectory connections,
      Leases leases,
      Bitbucket bitbucket,
      Runnable wanted) {
    this.context = context;
    this.releases = releases;
    this.places = places;
    this.endings = endings;
    this.outcomes = outcomes;
    this.connections = connections;
    this.leases = leases;
    this.bitbucket = bitbucket;
    this.wanted = wanted;
    this.loop = Loop.start("release-preparer", this::prepareWhatIsDue, PAUSE);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    loop.wake();
  }

  private boolean prepareWhatIsDue() {
    List<ReleaseClaim> claims = releases.claim(context.database().sql(), AT_ONCE, HOLD);
    List<Thread> threads =
        claims.stream()
            .map(claim -> Thread.ofVirtual().name("prepare").start(() -> prepare(claim)))
            .toList();
    try {
      for (Thread thread : threads) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return claims.size() == AT_ONCE;
  }

  private void prepare(ReleaseClaim claim) {
    Release release = claim.release();
    try {
      ConnectionEvent connection =
          connections
              .find(RepositoryRef.byId(release.repository()))
              .orElseThrow(
                  () -> new IllegalStateException("no connection of " + release.repository()));
      switch (release.state()) {
        case REQUESTED -> begin(claim, connection);
        case SENDING -> complete(claim, connection.repository());
        case DELIVERED, SUPERSEDED, FAILED ->
            context.database().write(sql -> releases.done(sql, claim));
      }
      wanted.run();
    } catch (RuntimeException e) {
      // Nothing was written: once the claim has run out the release is due again.
      log.warn("preparing failed repository={} tag={}", release.repository(), release.tag(), e);
    }
  }

  private void begin(ReleaseClaim claim, ConnectionEvent connection) {
    Release release = claim.release();
    Repository repository = connection.repository();
    UUID credential = connection.credentialId();
    if (connection.state() == ConnectionEvent.State.DISCONNECTED || credential == null) {
      never(
          claim,
          repository,
          OptionalInt.empty(),
          "the repository is not connected with Cinch any more");
      return;
    }
    Access access =
        new Access(
            bitbucket, leases, credential, repository, release.trace(), release.attempts() + 1);
    switch (new Preparation(access, release).run()) {
      case Preparation.Prepared.Ready(Map<String, ListedDownload> there) ->
          context.database().write(sql -> want(sql, claim, repository, there));
      case Preparation.Prepared.Halted(Setback.Later later) -> later(claim, repository, later);
      case Preparation.Prepared.Halted(Setback.Never(var status, String reason)) ->
          never(claim, repository, status, reason);
    }
  }

  private void later(ReleaseClaim claim, Repository repository, Setback.Later later) {
    Release release = claim.release();
    Instant next = context.clock().instant().plus(later.pause());
    String reason = OneLine.of(later.reason());
    if (later.unlessTooLate(release.record().brokerTime(), next)
        instanceof Setback.Never(var status, String why)) {
      never(claim, repository, status, why);
      return;
    }
    context
        .database()
        .write(
            sql -> {
              if (releases.later(sql, claim, next, later.obstacle().name(), reason)
                  && !release.waitingFor().equals(Optional.of(later.obstacle().name()))) {
                outcomes.release(
                    sql,
                    ReleaseCompletion.subject(release, repository),
                    Result.WAITING,
                    Detail.because(later.httpStatus(), release.attempts() + 1, reason));
              }
            });
  }

  private void never(
      ReleaseClaim claim, Repository repository, OptionalInt httpStatus, String reason) {
    Release release = claim.release();
    context
        .database()
        .write(
            sql -> {
              if (releases.done(sql, claim)) {
                endings.refused(
                    sql,
                    repository,
                    release,
                    Detail.because(httpStatus, release.attempts() + 1, OneLine.of(reason)));
              }
            });
  }

  /** Every file into its place; what is sent, and what it replaces, is told before it is. */
  private void want(
      DSLContext sql,
      ReleaseClaim claim,
      Repository repository,
      Map<String, ListedDownload> there) {
    Release release = claim.release();
    List<String> warnings = new ArrayList<>();
    int sending = 0;
    List<ReleaseFile> files = new ArrayList<>(releases.files(sql, release.id()));
    files.sort(Comparator.comparing(ReleaseFile::downloadName));
    for (ReleaseFile file : files) {
      Optional<ListedDownload> listed = Optional.ofNullable(there.get(file.downloadName()));
      if (file.isChecksums()) {
        // Last of all, so that whoever finds it finds all files.
        listed.map(old -> replaces(file, old)).ifPresent(warnings::add);
        continue;
      }
      DownloadDecision wish = places.want(sql, release, file, listed);
      switch (wish) {
        case DownloadDecision.Due(var displaced) -> {
          displace(sql, repository, displaced);
          listed.map(old -> replaces(file, old)).ifPresent(warnings::add);
          sending++;
        }
        case DownloadDecision.AlreadyThere(var displaced) -> {
          displace(sql, repository, displaced);
          endings.delivered(
              sql, repository, release, alreadyThere(sql, file), OptionalInt.empty(), 0);
        }
        case DownloadDecision.Overtaken() -> endings.superseded(sql, repository, release, file);
      }
      file.warnings().stream().map(warning -> file.name() + ": " + warning).forEach(warnings::add);
    }
    if (!releases.sending(sql, claim, warnings)) {
      throw new IllegalStateException("somebody else prepares release " + release.id());
    }
    if (sending > 0) {
      outcomes.release(
          sql,
          ReleaseCompletion.subject(release, repository),
          Result.WAITING,
          Detail.because("%d of %d files are to be sent".formatted(sending, files.size()))
              .warning(warnings));
    }
    endings.look(sql, repository, release.id());
  }

  private ReleaseFile alreadyThere(DSLContext sql, ReleaseFile file) {
    List<String> warnings = new ArrayList<>(file.warnings());
    warnings.add("it was there already, with the same content, and was not sent again");
    return releases.warn(sql, file, warnings);
  }

  private void displace(DSLContext sql, Repository repository, Optional<ReleaseFile> displaced) {
    displaced.ifPresent(
        older -> {
          endings.superseded(sql, repository, releases.find(sql, older.release()), older);
          endings.look(sql, repository, older.release());
        });
  }

  private static String replaces(ReleaseFile file, ListedDownload old) {
    return "%s replaces the one that is there%s%s"
        .formatted(
            file.downloadName(),
            old.size().isPresent() ? " (%d bytes)".formatted(old.size().getAsLong()) : "",
            old.madeAt().map(" since %s"::formatted).orElse(""));
  }

  /** All files are there: only their checksums are missing. */
  private void complete(ReleaseClaim claim, Repository repository) {
    context
        .database()
        .write(
            sql -> {
              Release release = claim.release();
              releases.files(sql, release.id()).stream()
                  .filter(file -> file.isChecksums() && file.state() == ReleaseFile.State.OPEN)
                  .forEach(
                      file -> {
                        switch (places.want(sql, release, file, Optional.empty())) {
                          case DownloadDecision.Due(var displaced) ->
                              displace(sql, repository, displaced);
                          case DownloadDecision.AlreadyThere(var displaced) ->
                              displace(sql, repository, displaced);
                          case DownloadDecision.Overtaken() ->
                              endings.superseded(sql, repository, release, file);
                        }
                      });
              if (!releases.done(sql, claim)) {
                throw new IllegalStateException("somebody else completes " + release.id());
              }
              endings.lookPastChecksums(sql, repository, release.id());
            });
  }

  @Override
  public Check check() {
    return loop.check();
  }

  @Override
  public void close() {
    loop.close();
  }
}
