package sh.cinch.ingress.readmodel;

import sh.cinch.service.ServiceContext;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.intake.Intake;
import sh.cinch.service.outbox.Outbox;

/** Keeps the tables that are shown up to date; the instances share the work. */
final class Projection implements Checked, AutoCloseable {

  /** Not that of 0.1.0, whose instances may still be in theirs: this one reads all there is. */
  static final String GROUP = "ingress-copies";

  private final Intake intake;

  private Projection(Intake intake) {
    this.intake = intake;
  }

  /**
   * @param outbox for records that cannot be used
   */
  static Projection start(ServiceContext context, Outbox outbox, ReleaseRecorder releases) {
    DeadLetters deadLetters = new DeadLetters(GROUP, outbox, context.clock(), context.metrics());
    return new Projection(
        Intake.start(
            GROUP,
            context.kafka().consumer(GROUP),
            TopicRecorder.TOPICS,
            context.database(),
            new TopicRecorder(deadLetters, releases),
            deadLetters,
            context.metrics()));
  }

  @Override
  public Check check() {
    return intake.check();
  }

  @Override
  public void close() {
    intake.close();
  }
}
