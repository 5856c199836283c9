package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.ingress.artifacts.ArtifactSettings;
import sh.cinch.ingress.web.Web;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.config.Listen;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

class IngressConfigTest {

  private static final Map<String, String> LEAST =
      Map.of(
          "CINCH_HOST", "0.0.0.0",
          "CINCH_MANAGEMENT_HOST", "10.0.0.7",
          "CINCH_KAFKA", "localhost:9092",
          "CINCH_DATABASE_URL", "jdbc:postgresql://localhost/cinch",
          "CINCH_BITBUCKET_CLIENT_ID", "client",
          "CINCH_KEYSET", Vault.newKeyset().reveal(),
          "CINCH_SERVICE_SECRET", "own-secret");

  @Test
  void defaultsAreThoseOfTheRealBitbucket() {
    IngressConfig config = Environment.read(LEAST, IngressConfig::from);

    assertThat(config.listen()).isEqualTo(new Listen("0.0.0.0", 8080));
    assertThat(config.management()).isEqualTo(new Listen("10.0.0.7", 9080));
    assertThat(config.roles()).isEqualTo(Role.ALL);
    assertThat(config.site())
        .isEqualTo(
            Site.bitbucketCloud(
                URI.create("https://bitbucket.org"), URI.create("https://api.bitbucket.org")));
    assertThat(config.web())
        .contains(
            new Web.Settings(URI.create("http://localhost:8080"), "client", Optional.empty()));
    assertThat(config.stores())
        .contains(
            new IngressConfig.Stores(
                new IngressConfig.TokenServiceAccess(
                    URI.create("http://localhost:8081"), Secret.of("own-secret")),
                new ArtifactSettings(
                    Path.of("artifacts"),
                    Duration.ofDays(7),
                    10_240L * 1024 * 1024,
                    10_240L * 1024 * 1024,
                    Optional.empty()),
                HourlyLimit.usual()));
  }

  @Test
  void everyMissingSettingIsNamedAtOnce() {
    assertThatThrownBy(() -> Environment.read(Map.of(), IngressConfig::from))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .contains(LEAST.keySet());
  }

  @Test
  void keysetThatIsNoneIsNotRepeated() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_KEYSET", "no-keyset-but-maybe-a-secret");

    assertThatThrownBy(() -> Environment.read(settings, IngressConfig::from))
        .message()
        .contains("CINCH_KEYSET")
        .doesNotContain("no-keyset");
  }

  @Test
  void releaseWorkersSecretIsTakenFromTheListOfAllServices() {
    assertThat(releaseWorker("ingress=0123456789abcdef, release-worker = fedcba9876543210"))
        .contains(Secret.of("fedcba9876543210"));
    assertThat(releaseWorker("release-worker=with=equals=in=it"))
        .contains(Secret.of("with=equals=in=it"));
    assertThat(releaseWorker("ingress=0123456789abcdef")).isEmpty();
  }

  @Test
  void listOfServicesThatIsNoneIsNotRepeated() {
    assertListRefused("sesame-sesame-sesame", "entry 1");
    assertListRefused("ingress=0123456789abcdef,=sesame-sesame-sesame", "entry 2");
    assertListRefused("release-worker=sesame", "fewer than 16");
    assertListRefused(
        "release-worker=sesame-sesame-sesame,release-worker=sesame-sesame-sesame", "twice");
  }

  @Test
  void settingsAreNotPrinted() {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_API_TOKEN", "operators-own");
    settings.put("CINCH_SERVICE_SECRETS", "release-worker=fedcba9876543210");

    assertThat(Environment.read(settings, IngressConfig::from).toString())
        .doesNotContain("own-secret")
        .doesNotContain("operators-own")
        .doesNotContain("fedcba9876543210");
  }

  private static void assertListRefused(String list, String saying) {
    assertThatThrownBy(() -> releaseWorker(list))
        .isInstanceOf(ConfigurationException.class)
        .message()
        .contains("CINCH_SERVICE_SECRETS")
        .contains(saying)
        .doesNotContain("sesame");
  }

  private static Optional<Secret> releaseWorker(String list) {
    Map<String, String> settings = new HashMap<>(LEAST);
    settings.put("CINCH_SERVICE_SECRETS", list);
    return Environment.read(settings, IngressConfig::from)
        .stores()
        .orElseThrow()
        .artifacts()
        .releaseWorker();
  }
}
