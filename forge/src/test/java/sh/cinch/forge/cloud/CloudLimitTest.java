package sh.cinch.forge.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Allowance;
import sh.cinch.forge.CommitStatus;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.PostedStatus;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Databases;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.forge.call.Requests;
import sh.cinch.schema.event.BuildState;
import sh.cinch.service.database.Database;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.FakeTokenService;
import sh.cinch.testkit.SimulatedBitbucket;

/** A Bitbucket that counts, and two accounts that ask it. */
class CloudLimitTest {

  private static final Database DATABASE = Databases.fresh();
  private static final String SECRET = "the secret of whoever asks";
  private static final String FULL_NAME = "acme/app";

  private final Vertx vertx = Vertx.vertx();
  private final SimulatedBitbucket bitbucket = SimulatedBitbucket.start();
  private final FakeTokenService tokenService = new FakeTokenService(vertx, SECRET, bitbucket);
  private final UUID credential = UUID.randomUUID();
  private final UUID other = UUID.randomUUID();
  private final BitbucketCloud cloud =
      new BitbucketCloud(
          vertx,
          Site.bitbucketCloud(bitbucket.url(), bitbucket.url()),
          new Leases(vertx, tokenService.url(), Secret.of(SECRET), InstantSource.system()),
          new Requests(
              DATABASE, InstantSource.system(), new SimpleMeterRegistry(), HourlyLimit.usual()),
          InstantSource.system(),
          8);
  private String commit = "";

  @BeforeEach
  void repository() {
    bitbucket.repository(FULL_NAME);
    commit = bitbucket.push(FULL_NAME, "refs/heads/main");
    tokenService.credential(credential, bitbucket.token(FULL_NAME, "repository"));
    tokenService.credential(other, bitbucket.token(FULL_NAME, "repository"));
  }

  @AfterEach
  void close() {
    cloud.close();
    tokenService.close();
    bitbucket.close();
    vertx.close().await();
  }

  @Test
  void aLimitThatAnswersTellIsNotExceeded() {
    bitbucket.settings(Map.of("hourlyLimit", 50));
    // Of 50, two each are kept for releases, looking around and the reconciler.
    assertThat(posted(credential, 60)).isEqualTo(44);
    assertThat(refused()).isZero();
    assertThat(posted(other, 1)).isEqualTo(1);
  }

  @Test
  void aLimitThatNobodyTellsIsFoundOutOnce() {
    bitbucket.settings(Map.of("hourlyLimit", 10, "scaledHeaders", false));
    assertThat(posted(credential, 30)).isEqualTo(10);
    assertThat(refused()).isEqualTo(1);
    assertThat(cloud.allowance(credential, Purpose.FINAL_STATUS))
        .isInstanceOfSatisfying(
            Allowance.None.class,
            none ->
                assertThat(none.pause()).isBetween(Duration.ofMillis(1), Duration.ofSeconds(5)));
    assertThat(posted(other, 1)).isEqualTo(1);
  }

  private int posted(UUID whose, int many) {
    int posted = 0;
    for (int i = 0; i < many; i++) {
      ForgeResult<PostedStatus> result =
          cloud
              .open(ForgeCaller.once(whose, Purpose.FINAL_STATUS))
              .statuses()
              .post(
                  new ForgeRepository(FULL_NAME, Optional.empty(), Optional.empty()),
                  new CommitStatus(
                      commit,
                      i + "-" + whose,
                      BuildState.State.SUCCESS,
                      "Unit",
                      "Passed",
                      null,
                      null));
      posted += result instanceof ForgeResult.Done ? 1 : 0;
    }
    return posted;
  }

  private int refused() {
    return bitbucket.refused("*" + commit + "*");
  }
}
