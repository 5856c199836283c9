package sh.cinch.releaseworker.prepare;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.jooq.DSLContext;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeDownloads.Listed;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.ForgeResult.Done;
import sh.cinch.forge.ForgeResult.Later;
import sh.cinch.forge.ForgeResult.NotBegun;
import sh.cinch.forge.ForgeResult.Refused;
import sh.cinch.forge.ForgeResult.Unclear;
import sh.cinch.forge.Forges;
import sh.cinch.forge.Purpose;
import sh.cinch.releaseworker.outcome.Detail;
import sh.cinch.releaseworker.outcome.Outcomes;
import sh.cinch.releaseworker.releases.DownloadDecision;
import sh.cinch.releaseworker.releases.Downloads;
import sh.cinch.releaseworker.releases.Release;
import sh.cinch.releaseworker.releases.ReleaseClaim;
import sh.cinch.releaseworker.releases.ReleaseCompletion;
import sh.cinch.releaseworker.releases.ReleaseFile;
import sh.cinch.releaseworker.releases.ReleaseStates;
import sh.cinch.releaseworker.releases.Releases;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Outcome.Result;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.connection.ConnectionDirectory;
import sh.cinch.service.due.Attempts;
import sh.cinch.service.due.Room;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.text.OneLine;

/** Sees to releases that are due: wants their files in their downloads, once the tag is right. */
public final class ReleasePreparer implements Checked, AutoCloseable {

  private static final int AT_ONCE = 8;
  private static final Duration CLAIM = Duration.ofMinutes(2);

  private final ServiceContext context;
  private final Releases releases;
  private final ReleaseStates states;
  private final Downloads downloads;
  private final ReleaseCompletion completion;
  private final Outcomes outcomes;
  private final ConnectionDirectory connections;
  private final Forges forges;
  private final Runnable wanted;
  private final Attempts<ReleaseClaim> attempts;

  /**
   * @param wanted told when files may be due, or outcomes to be sent
   */
  public ReleasePreparer(
      ServiceContext context,
      Releases releases,
      ReleaseStates states,
      Downloads downloads,
      ReleaseCompletion completion,
      Outcomes outcomes,
      ConnectionDirectory connections,
      Forges forges,
      Runnable wanted) {
    this.context = context;
    this.releases = releases;
    this.states = states;
    this.downloads = downloads;
    this.completion = completion;
    this.outcomes = outcomes;
    this.connections = connections;
    this.forges = forges;
    this.wanted = wanted;
    this.attempts = Attempts.start("release-preparer", AT_ONCE, this::claim, this::prepare);
  }

  /** Something has become due. Never blocks. */
  public void wake() {
    attempts.wake();
  }

  private List<ReleaseClaim> claim(int free, Collection<ReleaseClaim> underWay) {
    return releases.claim(
        context.database().sql(),
        new Room(
            free,
            underWay.stream().map(claim -> claim.release().repository()).toList(),
            connections::credential),
        CLAIM);
  }

  private void prepare(ReleaseClaim claim) {
    Release release = claim.release();
    ConnectionEvent connection = connections.connection(release.repository());
    switch (release.state()) {
      case REQUESTED -> begin(claim, connection);
      case SENDING -> complete(claim, connection.repository());
      case DELIVERED, SUPERSEDED, FAILED ->
          context.database().write(sql -> releases.done(sql, claim));
    }
    wanted.run();
  }

  private void begin(ReleaseClaim claim, ConnectionEvent connection) {
    Release release = claim.release();
    Repository repository = connection.repository();
    ForgeResult<ForgeDownloads.Listing> prepared =
        forges
            .open(connection, Purpose.RELEASE, release.trace(), release.attempts() + 1)
            .then(
                session -> new Preparation(session, ForgeRepository.of(connection), release).run());
    switch (prepared) {
      case Done<ForgeDownloads.Listing>(ForgeDownloads.Listing there, var status) ->
          context.database().write(sql -> want(sql, claim, repository, there));
      case Later<?> later -> later(claim, repository, later);
      case Unclear<?> unclear -> later(claim, repository, unclear.asLater());
      case Refused<?> refused -> never(claim, repository, refused);
      case NotBegun<?> never -> throw new IllegalStateException("nobody kept it from beginning");
    }
  }

  private void later(ReleaseClaim claim, Repository repository, Later<?> later) {
    Release release = claim.release();
    Instant next = context.clock().instant().plus(later.pause());
    if (later.unlessTooLate(release.record().brokerTime(), next, Release.GIVE_UP_AFTER)
        instanceof Refused<?> refused) {
      never(claim, repository, refused);
      return;
    }
    String cause = later.cause().name();
    String reason = OneLine.of(later.reason());
    context
        .database()
        .write(
            sql -> {
              if (!releases.later(sql, claim, next, cause, reason)) {
                return;
              }
              if (!release.waitingFor().equals(Optional.of(cause))) {
                outcomes.release(
                    sql,
                    ReleaseCompletion.subject(release, repository),
                    Result.WAITING,
                    Detail.because(later.httpStatus(), release.attempts() + 1, reason));
              }
              states.publish(sql, release.id(), repository);
            });
  }

  private void never(ReleaseClaim claim, Repository repository, Refused<?> refused) {
    Release release = claim.release();
    Detail detail =
        Detail.because(refused.httpStatus(), release.attempts() + 1, OneLine.of(refused.reason()));
    context
        .database()
        .write(
            sql -> {
              if (releases.done(sql, claim)) {
                completion.refused(sql, repository, release, detail);
              }
            });
  }

  /** Every file under its name; what is sent, and what it replaces, is told before it is. */
  private void want(
      DSLContext sql, ReleaseClaim claim, Repository repository, ForgeDownloads.Listing there) {
    Release release = claim.release();
    List<String> warnings = new ArrayList<>(unread(there));
    List<ReleaseFile> displaced = new ArrayList<>();
    int sending = 0;
    List<ReleaseFile> files = new ArrayList<>(releases.files(sql, release.id()));
    files.sort(Comparator.comparing(ReleaseFile::downloadName));
    for (ReleaseFile file : files) {
      Optional<Listed> listed = there.find(file.downloadName());
      if (file.isChecksums()) {
        // Last of all, so that whoever finds it finds all files.
        if (!downloads.continues(sql, release, file)) {
          listed.map(old -> replaces(file, old)).ifPresent(warnings::add);
        }
        continue;
      }
      DownloadDecision decision = downloads.want(sql, release, file, listed);
      switch (decision) {
        case DownloadDecision.Due(var older) -> {
          displaced.addAll(older);
          listed.map(old -> replaces(file, old)).ifPresent(warnings::add);
          sending++;
        }
        case DownloadDecision.AlreadyThere(var older) -> {
          displaced.addAll(older);
          completion.delivered(
              sql, repository, release, alreadyThere(sql, file), OptionalInt.empty(), 0);
        }
        case DownloadDecision.Overtaken() -> completion.superseded(sql, repository, release, file);
      }
      file.warnings().stream().map(warning -> file.name() + ": " + warning).forEach(warnings::add);
    }
    releases.lock(sql, release, displaced);
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
    displace(sql, repository, displaced);
    completion.look(sql, repository, release.id());
  }

  private ReleaseFile alreadyThere(DSLContext sql, ReleaseFile file) {
    List<String> warnings = new ArrayList<>(file.warnings());
    warnings.add("it was there already, with the same content, and was not sent again");
    return releases.warn(sql, file, warnings);
  }

  private void displace(DSLContext sql, Repository repository, List<ReleaseFile> displaced) {
    displaced.stream()
        .collect(Collectors.groupingBy(ReleaseFile::release))
        .forEach(
            (id, files) -> {
              Release older = releases.find(sql, id);
              files.forEach(file -> completion.superseded(sql, repository, older, file));
              completion.look(sql, repository, id);
            });
  }

  /** Sending replaces by name and harms nothing else; only the word of it may be missing. */
  private static List<String> unread(ForgeDownloads.Listing there) {
    return there.unread() == 0
        ? List.of()
        : List.of(
            "Bitbucket lists %d downloads that could not be read: a file may replace one of them. Look at the repository's downloads, and delete what nobody needs"
                .formatted(there.unread()));
  }

  private static String replaces(ReleaseFile file, Listed old) {
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
              List<ReleaseFile> displaced = new ArrayList<>();
              boolean sending = false;
              for (ReleaseFile file : releases.files(sql, release.id())) {
                if (file.isChecksums() && file.state() == ReleaseFile.State.OPEN) {
                  switch (downloads.want(sql, release, file, Optional.empty())) {
                    case DownloadDecision.Due(var older) -> {
                      displaced.addAll(older);
                      sending = true;
                    }
                    case DownloadDecision.AlreadyThere(var older) ->
                        throw new IllegalStateException("it was not looked for");
                    case DownloadDecision.Overtaken() ->
                        completion.superseded(sql, repository, release, file);
                  }
                }
              }
              releases.lock(sql, release, displaced);
              if (!releases.done(sql, claim)) {
                throw new IllegalStateException("somebody else completes " + release.id());
              }
              displace(sql, repository, displaced);
              if (!sending) {
                completion.look(sql, repository, release.id());
              }
            });
  }

  @Override
  public Check check() {
    return attempts.check();
  }

  @Override
  public void close() {
    attempts.close();
  }
}
