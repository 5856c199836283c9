package sh.cinch.releaseworker;

import java.net.URI;
import java.time.Duration;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.releaseworker.send.LeastRate;
import sh.cinch.releaseworker.source.SourceRules;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;

/**
 * @param tokenService where leases come from
 * @param serviceSecret proves to the token-service and to the ingress who asks
 * @param ingress where artifacts come from
 * @param sources what else files may be fetched from
 * @param largest bytes that a file may have
 * @param uploads how many are under way at once
 * @param longest how long one may take
 * @param least how fast one must be
 * @param kept for how long releases are
 */
public record ReleaseWorkerConfig(
    Listen management,
    KafkaSettings kafka,
    DatabaseSettings database,
    URI tokenService,
    Secret serviceSecret,
    URI ingress,
    Site bitbucket,
    HourlyLimit hourlyLimit,
    SourceRules sources,
    long largest,
    int uploads,
    Duration longest,
    LeastRate least,
    Duration kept) {

  private static final int USUAL_LARGEST_MIB = 10 * 1024;
  private static final int USUAL_UPLOADS = 8;
  private static final int USUAL_MINUTES = 120;

  public static ReleaseWorkerConfig from(Environment environment) {
    return new ReleaseWorkerConfig(
        Listen.management(environment, 9083),
        KafkaSettings.from(environment),
        DatabaseSettings.from(environment),
        environment.address("CINCH_TOKEN_SERVICE_URL"),
        environment.secret("CINCH_SERVICE_SECRET"),
        environment.address("CINCH_INGRESS_URL"),
        Site.bitbucketCloud(environment),
        HourlyLimit.from(environment),
        SourceRules.from(environment),
        (long) environment.count("CINCH_RELEASE_LARGEST_MIB", USUAL_LARGEST_MIB) << 20,
        environment.count("CINCH_RELEASE_UPLOADS", USUAL_UPLOADS),
        Duration.ofMinutes(environment.count("CINCH_RELEASE_MINUTES", USUAL_MINUTES)),
        LeastRate.from(environment),
        RetentionDays.RELEASES.from(environment));
  }
}
