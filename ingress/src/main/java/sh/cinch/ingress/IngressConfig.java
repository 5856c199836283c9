package sh.cinch.ingress;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.ingress.git.GitSettings;
import sh.cinch.ingress.web.Web;
import sh.cinch.ingress.webhooks.delivery.BodySettings;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.http.TrustedProxies;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.RetentionDays;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/**
 * What an ingress is started with. Settings that only roles use which it does not run are not
 * looked at.
 *
 * @param site where Bitbucket is
 * @param proxies whose word on who asks is believed
 * @param vault opens what this ingress alone has sealed
 * @param bodies of deliveries: which of them the webhooks keep
 * @param stores where the web and the projections find what others keep
 * @param days for how long the projections keep what is shown
 */
public record IngressConfig(
    Set<Role> roles,
    Listen listen,
    Listen management,
    TrustedProxies proxies,
    KafkaSettings kafka,
    DatabaseSettings database,
    Site site,
    Vault vault,
    Optional<BodySettings> bodies,
    Optional<Stores> stores,
    Optional<Web.Settings> web,
    Optional<Days> days) {

  /** Where credentials and files lie, and how much may be asked with a credential. */
  public record Stores(
      TokenServiceAccess tokenService, ArtifactSettings artifacts, HourlyLimit hourlyLimit) {}

  /**
   * How to reach the token-service.
   *
   * @param secret by which it knows this ingress
   */
  public record TokenServiceAccess(URI url, Secret secret) {}

  /** For how long deliveries are kept, and copies of what others decide. */
  public record Days(
      Duration deliveries, Duration bodies, Duration pushes, Duration statuses, Duration releases) {

    public static final Days USUAL = from(RetentionDays::usual);

    private static Days from(Function<RetentionDays, Duration> kept) {
      return new Days(
          kept.apply(RetentionDays.DELIVERIES),
          kept.apply(RetentionDays.DELIVERY_BODIES),
          kept.apply(RetentionDays.PUSHES),
          kept.apply(RetentionDays.STATUSES),
          kept.apply(RetentionDays.RELEASES));
    }
  }

  public static IngressConfig from(Environment environment) {
    Set<Role> roles = environment.some("CINCH_ROLES", Role.class);
    return new IngressConfig(
        roles,
        Listen.from(environment, 8080),
        Listen.management(environment, 9080),
        TrustedProxies.from(environment),
        KafkaSettings.from(environment),
        DatabaseSettings.from(environment),
        Site.bitbucketCloud(environment),
        // The stand-in is never used: a problem was noted where there is no vault.
        environment
            .secret("CINCH_KEYSET", Vault::open, Vault::openFile)
            .orElseGet(() -> Vault.open(Vault.newKeyset())),
        roles.contains(Role.WEBHOOKS)
            ? Optional.of(BodySettings.from(environment))
            : Optional.empty(),
        stores(environment, roles),
        web(environment, roles),
        roles.contains(Role.PROJECTIONS)
            ? Optional.of(Days.from(kept -> kept.from(environment)))
            : Optional.empty());
  }

  private static Optional<Stores> stores(Environment environment, Set<Role> roles) {
    if (!roles.contains(Role.WEB) && !roles.contains(Role.PROJECTIONS)) {
      return Optional.empty();
    }
    return Optional.of(
        new Stores(
            new TokenServiceAccess(
                environment.address("CINCH_TOKEN_SERVICE_URL", "http://localhost:8081"),
                environment.secret("CINCH_SERVICE_SECRET")),
            roles.contains(Role.WEB)
                ? ArtifactSettings.from(environment)
                : ArtifactSettings.forUpkeep(environment),
            HourlyLimit.from(environment)));
  }

  private static Optional<Web.Settings> web(Environment environment, Set<Role> roles) {
    if (!roles.contains(Role.WEB)) {
      return Optional.empty();
    }
    return Optional.of(
        new Web.Settings(
            environment.address("CINCH_BASE_URL", "http://localhost:8080"),
            environment.text("CINCH_BITBUCKET_CLIENT_ID"),
            environment.optional("CINCH_API_TOKEN").map(Secret::of),
            GitSettings.from(environment)));
  }

  /** The same with a vault that the keyset's care has put in the place of the given one. */
  IngressConfig with(Vault cared) {
    return new IngressConfig(
        roles,
        listen,
        management,
        proxies,
        kafka,
        database,
        site,
        cared,
        bodies,
        stores,
        web,
        days);
  }
}
