package sh.cinch.ingress.webhooks.delivery;

import java.time.Duration;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.config.Environment;
import sh.cinch.service.retention.RetentionDays;

/**
 * Which bodies of deliveries are kept.
 *
 * @param kept for how long; zero: none
 * @param largest in bytes; a larger one is not kept at all, since a part of one is of no use
 */
public record BodySettings(Duration kept, int largest) {

  public static final BodySettings NONE = new BodySettings(Duration.ZERO, 0);

  public static final BodySettings USUAL =
      new BodySettings(RetentionDays.DELIVERY_BODIES.usual(), RequestLimits.DELIVERY);

  private static final int KIB = 1024;

  public static BodySettings from(Environment environment) {
    int kib = environment.count("CINCH_DELIVERY_BODY_KIB", RequestLimits.DELIVERY / KIB);
    return new BodySettings(
        RetentionDays.DELIVERY_BODIES.from(environment),
        Math.min(RequestLimits.DELIVERY, kib * KIB));
  }

  boolean isNone() {
    return kept.isZero();
  }
}
