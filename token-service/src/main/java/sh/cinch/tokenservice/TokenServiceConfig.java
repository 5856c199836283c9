package sh.cinch.tokenservice;

import java.time.Duration;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.tokenservice.caller.Callers;

/**
 * What the token-service is started with.
 *
 * @param site where people authorize and tokens are made
 * @param callers who may ask for leases
 * @param refreshesPerHour ahead of need; what a caller waits for is refreshed beyond it
 * @param leasesKept for how long it is known who leased what
 */
public record TokenServiceConfig(
    Listen listen,
    Listen management,
    KafkaSettings kafka,
    DatabaseSettings database,
    String clientId,
    Secret clientSecret,
    Site site,
    HourlyLimit hourlyLimit,
    Vault vault,
    Callers callers,
    int refreshesPerHour,
    Duration leasesKept) {

  /**
   * Bitbucket does not say whether its token endpoint has a limit. This keeps ten thousand
   * credentials in use fresh; where it proves too much, 429 slows it down.
   */
  private static final int REFRESHES_PER_HOUR = 10_000;

  public static TokenServiceConfig from(Environment environment) {
    return new TokenServiceConfig(
        Listen.from(environment, 8081),
        Listen.management(environment, 9081),
        KafkaSettings.from(environment),
        DatabaseSettings.from(environment),
        environment.text("CINCH_BITBUCKET_CLIENT_ID"),
        environment.secret("CINCH_BITBUCKET_CLIENT_SECRET"),
        Site.bitbucketCloud(environment),
        HourlyLimit.from(environment),
        // The stand-ins are never used: reading fails where one was needed.
        environment
            .secret("CINCH_KEYSET", Vault::open, Vault::openFile)
            .orElseGet(() -> Vault.open(Vault.newKeyset())),
        environment.secret("CINCH_SERVICE_SECRETS", Callers::parse).orElseGet(Callers::none),
        environment.count("CINCH_REFRESHES_PER_HOUR", REFRESHES_PER_HOUR),
        RetentionDays.LEASES.from(environment));
  }

  /** No more than what anybody may read. */
  @Override
  public String toString() {
    return "TokenServiceConfig[listen=%s, site=%s, api=%s, clientId=%s]"
        .formatted(listen, site.pages(), site.api(), clientId);
  }
}
