package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.testkit.Reply;

/** Bitbucket answers each client in one of several ways, and may change it over night. */
class DialectTest {

  private static final int ROUNDS = 4;

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @ParameterizedTest(name = "{0}, expires_in {1}")
  @CsvSource({
    "legacy,7200",
    "legacy,0",
    "current,7200",
    "current,3600",
    "current,0",
    "kept,7200",
    "kept,60"
  })
  void aConnectionLivesOnWhicheverWayBitbucketAnswers(String dialect, int seconds) {
    stack.forge.setting("dialect", dialect);
    stack.forge.setting("accessTokenSeconds", seconds);
    UUID credential = stack.connect(instance, "ada");

    for (int round = 0; round < ROUNDS; round++) {
      stack.clock.advance(Duration.ofHours(3));
      Reply lease = instance.lease(credential);
      assertThat(lease.status()).isEqualTo(201);
      assertThat(stack.forge.statusOf(lease.text("authorization"), "/2.0/user")).isEqualTo(200);
    }

    assertThat(stack.forge.refreshes("ada").granted())
        .isEqualTo(stack.forge.refreshes("ada").requests())
        .isEqualTo(ROUNDS);
    assertThat(instance.show(credential).json().getJsonArray("scopes"))
        .contains("account", "repository", "webhook");
  }

  @ParameterizedTest
  @CsvSource({"legacy,current", "current,legacy", "current,kept", "kept,current"})
  void aConnectionLivesOnWhenBitbucketChangesItsWay(String before, String after) {
    stack.forge.setting("dialect", before);
    UUID credential = stack.connect(instance, "ada");
    stack.clock.advance(Duration.ofHours(3));
    assertThat(instance.lease(credential).status()).isEqualTo(201);

    stack.forge.setting("dialect", after);

    for (int round = 0; round < ROUNDS; round++) {
      stack.clock.advance(Duration.ofHours(3));
      assertThat(instance.lease(credential).status()).isEqualTo(201);
    }
    assertThat(stack.forge.refreshes("ada").refused()).isZero();
  }
}
