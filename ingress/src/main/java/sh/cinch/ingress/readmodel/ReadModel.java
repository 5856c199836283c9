package sh.cinch.ingress.readmodel;

import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.outbox.Outbox;

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
}
