package sh.cinch.ingress.readmodel;

import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.producer.Producer;
import sh.cinch.ingress.artifacts.release.ReleasedFiles;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterReplay;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterRoom;
import sh.cinch.ingress.readmodel.deadletter.DeadRecords;
import sh.cinch.ingress.readmodel.deadletter.ListedDeadLetters;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.intake.IntakeProgress;
import sh.cinch.service.kafka.RecordLookup;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.retention.Retention.Kind;

/**
 * Copies of what others decide, for pages and API.
 *
 * @param feed what happens from now on
 * @param recorder writes a request down that was just made, before its topic is read
 */
public record ReadModel(
    Projections projections,
    Releases releases,
    LiveFeed feed,
    ReleaseRecorder recorder,
    ListedDeadLetters deadLetters,
    DeadRecords deadRecords,
    DeadLetterReplay replay) {

  private static final Duration MAKING_ROOM = Duration.ofSeconds(5);

  /**
   * Starts the feed; the copies are made by {@link #startCopies}, perhaps in another process.
   *
   * @param producer of what is replayed
   */
  public static ReadModel start(
      ServiceContext context,
      ReleasedFiles artifacts,
      Producer<byte[], byte[]> producer,
      RunningService service) {
    var deadLetters = new ListedDeadLetters(context.database());
    var deadRecords = new DeadRecords(service.with(new RecordLookup(context.kafka())));
    return new ReadModel(
        new Projections(context.database()),
        new Releases(context.database()),
        service.with("live feed", LiveFeed.start(context.kafka(), context.database())),
        new ReleaseRecorder(artifacts),
        deadLetters,
        deadRecords,
        new DeadLetterReplay(
            context.database(), deadLetters, deadRecords, producer, context.clock()));
  }

  /**
   * @param outbox for records that cannot be used
   */
  public static void startCopies(
      ServiceContext context, Outbox outbox, ReleasedFiles artifacts, RunningService service) {
    service.with("projection", Projection.start(context, outbox, new ReleaseRecorder(artifacts)));
    service.loop(
        "dead-letter-room", new DeadLetterRoom(context.database(), context.metrics()), MAKING_ROOM);
  }

  /** How far the copies of pushes have come, in all instances together. */
  public static IntakeProgress pushesRecorded(ServiceContext context, RunningService service) {
    return service.with(
        new IntakeProgress(context.kafka(), Projection.GROUP, Topic.PUSH, context.clock()));
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

  /** As long as their topic has them. */
  public static List<Kind> oldDeadLetters() {
    Duration kept = Topic.DEAD_LETTER.retention();
    return List.of(
        new Kind("dead-letters", kept, ListedDeadLetters.old()),
        new Kind("unlisted-dead-letters", kept, ListedDeadLetters.oldUnlisted()));
  }
}
