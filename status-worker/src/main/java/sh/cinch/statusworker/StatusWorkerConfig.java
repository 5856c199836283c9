package sh.cinch.statusworker;

import java.net.URI;
import java.time.Duration;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;

/**
 * @param tokenService where leases come from
 * @param serviceSecret proves to the token-service who asks
 * @param statusesKept for how long statuses and reports are
 * @param pushesKept for how long pushes are
 * @param orphanedAfter how long a build may leave us without a word
 * @param postsAtOnce statuses that are posted together
 */
public record StatusWorkerConfig(
    Listen management,
    KafkaSettings kafka,
    DatabaseSettings database,
    URI tokenService,
    Secret serviceSecret,
    Site bitbucket,
    HourlyLimit hourlyLimit,
    Duration statusesKept,
    Duration pushesKept,
    Duration orphanedAfter,
    int postsAtOnce) {

  public static final Duration ORPHANED_AFTER = Duration.ofHours(24);
  public static final int POSTS_AT_ONCE = 256;

  public static StatusWorkerConfig from(Environment environment) {
    return new StatusWorkerConfig(
        Listen.management(environment, 9082),
        KafkaSettings.from(environment),
        DatabaseSettings.from(environment),
        environment.address("CINCH_TOKEN_SERVICE_URL"),
        environment.secret("CINCH_SERVICE_SECRET"),
        Site.bitbucketCloud(environment),
        HourlyLimit.from(environment),
        RetentionDays.STATUSES.from(environment),
        RetentionDays.PUSHES.from(environment),
        Duration.ofHours(
            environment.count("CINCH_STATUS_ORPHAN_HOURS", (int) ORPHANED_AFTER.toHours())),
        environment.count("CINCH_STATUS_POSTS", POSTS_AT_ONCE));
  }
}
