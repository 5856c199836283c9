package sh.cinch.ingress;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import sh.cinch.forge.Site;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.service.config.Environment;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.kafka.KafkaSettings;
import sh.cinch.service.retention.Kept;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/**
 * What an ingress is started with.
 *
 * @param port 0: a free one
 * @param baseUrl where browsers and Bitbucket reach it; hooks and redirects are built from it
 * @param vault opens what this ingress alone has sealed
 * @param apiToken an operator's token that works from the start
 * @param days for how long what is shown is kept
 */
public record IngressConfig(
    int port,
    int managementPort,
    URI baseUrl,
    KafkaSettings kafka,
    DatabaseSettings database,
    Bitbucket bitbucket,
    Vault vault,
    TokenServiceAccess tokenService,
    Optional<Secret> apiToken,
    ArtifactSettings artifacts,
    Days days) {

  /**
   * Where Bitbucket is.
   *
   * @param clientId of the OAuth client registered there; its secret is the token-service's alone
   */
  public record Bitbucket(Site site, String clientId) {}

  /**
   * How to reach the token-service.
   *
   * @param secret by which it knows this ingress
   */
  public record TokenServiceAccess(URI url, Secret secret) {}

  /** For how long deliveries are kept, and copies of what others decide. */
  public record Days(Duration deliveries, Duration pushes, Duration statuses, Duration releases) {

    static Days from(Environment environment) {
      return new Days(
          Kept.DELIVERIES.from(environment),
          Kept.PUSHES.from(environment),
          Kept.STATUSES.from(environment),
          Kept.RELEASES.from(environment));
    }
  }

  public static IngressConfig from(Environment environment) {
    return new IngressConfig(
        environment.port("CINCH_PORT", 8080),
        environment.port("CINCH_MANAGEMENT_PORT", 9080),
        environment.address("CINCH_BASE_URL", "http://localhost:8080"),
        KafkaSettings.from(environment),
        DatabaseSettings.from(environment),
        new Bitbucket(
            Site.bitbucketCloud(environment), environment.text("CINCH_BITBUCKET_CLIENT_ID")),
        // The stand-in is never used: a problem was noted where there is no vault.
        environment
            .secret("CINCH_KEYSET", Vault::open, Vault::openFile)
            .orElseGet(() -> Vault.open(Vault.newKeyset())),
        new TokenServiceAccess(
            environment.address("CINCH_TOKEN_SERVICE_URL", "http://localhost:8081"),
            environment.secret("CINCH_SERVICE_SECRET")),
        environment.optional("CINCH_API_TOKEN").map(Secret::of),
        ArtifactSettings.from(environment),
        Days.from(environment));
  }

  /** The same with a vault that the keyset's care has put in the place of the given one. */
  IngressConfig with(Vault cared) {
    return new IngressConfig(
        port,
        managementPort,
        baseUrl,
        kafka,
        database,
        bitbucket,
        cared,
        tokenService,
        apiToken,
        artifacts,
        days);
  }
}
