package sh.cinch.ingress.readmodel;

import java.time.Duration;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention.Kind;

/**
 * Copies of what others decide, for pages and API.
 *
 * @param feed what happens from now on
 * @param recorder writes a request down that was just made, before its topic is read
 */
public record ReadModel(
    Projections projections, Releases releases, LiveFeed feed, ReleaseRecorder recorder) {

  /** Starts the feed; the copies are made by {@link #startCopies}, perhaps in another process. */
  public static ReadModel start(
      ServiceContext context, ReleasedFiles artifacts, RunningService service) {
    return new ReadModel(
        new Projections(context.database()),
        new Releases(context.database()),
        service.with("live feed", LiveFeed.start(context.kafka(), context.database())),
        new ReleaseRecorder(artifacts));
  }

  /**
   * @param outbox for records that cannot be used
   */
  public static void startCopies(
      ServiceContext context, Outbox outbox, ReleasedFiles artifacts, RunningService service) {
    service.with("projection", Projection.start(context, outbox, new ReleaseRecorder(artifacts)));
  }

  /** Those that are too old to be kept, and on no first page; so the others. */
  public static Kind oldPushes(Duration kept) {
    return new Kind("pushes", kept, OldCopies.PUSHES);
  }

  public static Kind oldStatuses(Duration kept) {
    return new Kind("statuses", kept, OldCopies.STATUSES);
  }

  public static Kind oldReports(Duration kept) {
    return new Kind("reports", kept, OldCopies.REPORTS);
  }

  public static Kind oldReleases(Duration kept) {
    return new Kind("releases", kept, OldCopies.RELEASES);
  }
}
