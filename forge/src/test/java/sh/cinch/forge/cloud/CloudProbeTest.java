package sh.cinch.forge.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.AuthorizationProbe;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Repositories;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Databases;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.forge.call.Requests;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;
import sh.cinch.testkit.SimulatedBitbucket;

class CloudProbeTest {

  private static final String IDENTITY = "token 1";
  private static final ForgeRepository APP = ForgeRepository.named("acme/app").orElseThrow();

  private final Vertx vertx = Vertx.vertx();
  private final SimulatedBitbucket bitbucket = SimulatedBitbucket.start();
  private static final Database DATABASE = Databases.fresh();
  private final Requests requestsMade =
      new Requests(
          DATABASE, InstantSource.system(), new SimpleMeterRegistry(), HourlyLimit.usual());

  @BeforeEach
  void repository() {
    bitbucket.repository("acme/app");
  }

  @AfterEach
  void close() {
    bitbucket.close();
    vertx.close().await();
  }

  @Test
  void aTokenThatShowsItsRepositoryIsAskedWhatItMayDo() {
    AuthorizationProbe probe = probe(bitbucket.token("acme/app", "repository", "webhook"));

    assertThat(probe.find(APP).map(Repositories.Found::fullName))
        .isEqualTo(new ForgeResult.Done<>("acme/app", 200));
    assertThat(probe.scopes(APP, false)).containsExactlyInAnyOrder("repository", "webhook");
    assertThat(requestsMade.counts().lastHour(IDENTITY, Pool.REPOSITORIES)).isEqualTo(2);
  }

  @Test
  void whoseItIsOnlyAPersonsCanSay() {
    bitbucket.person("ada");

    String code = bitbucket.authorize("ada");
    String token =
        bitbucket.exchange(code, SimulatedBitbucket.CALLBACK.toString()).text("access_token");

    assertThat(probe(token).owner().map(Account::name))
        .isEqualTo(new ForgeResult.Done<>("Ada Admin", 200));
    assertThat(probe(bitbucket.token("acme/app", "repository")).owner())
        .isNotInstanceOf(ForgeResult.Done.class);
  }

  @Test
  void anUnknownTokenIsRejectedAndABusyForgeRejectsNobody() {
    assertThat(probe("no such token").find(APP).isRejected()).isTrue();

    bitbucket.fault(Map.of("path", "/2.0/repositories/**", "kind", "status", "status", 503));
    ForgeResult<Repositories.Found> busy = probe("no such token").find(APP);
    assertThat(busy.isRejected()).isFalse();
    assertThat(busy).isInstanceOf(ForgeResult.Later.class);
  }

  @Test
  void anotherRepositoryIsNotFound() {
    bitbucket.repository("acme/other");

    assertThat(probe(bitbucket.token("acme/other", "repository")).find(APP))
        .isInstanceOfSatisfying(
            ForgeResult.Refused.class,
            refused -> {
              assertThat(refused.cause()).isIn(Cause.NOT_FOUND, Cause.FORBIDDEN);
              assertThat(refused.reason()).isNotBlank();
            });
  }

  private AuthorizationProbe probe(String token) {
    return new CloudProbe(
        WebClient.create(vertx),
        Site.bitbucketCloud(bitbucket.url(), bitbucket.url()),
        requestsMade,
        IDENTITY,
        Secret.of("Bearer " + token));
  }
}
