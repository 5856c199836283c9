package sh.cinch.ingress.connecting.session;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.SIGN_IN;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.service.secret.Vault;

@OnSharedServers
class SignInsTest {

  private static TestParts parts;
  private static SignIns signIns;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    signIns = new SignIns(parts.database(), parts.vault(), parts.clock());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @Test
  void whoOnlyKnocksLeavesNothing() {
    int before = rows();

    for (int i = 0; i < 100; i++) {
      signIns.begin(Optional.empty());
    }

    assertThat(rows()).isEqualTo(before);
  }

  @Test
  void stateIsGoodOnceAlsoWithACookieThatWasKept() {
    SignIns.Begun begun = signIns.begin(Optional.empty());

    assertThat(signIns.end(begun.state(), Optional.of(begun.cookie()))).isTrue();
    assertThat(signIns.end(begun.state(), Optional.of(begun.cookie()))).isFalse();
  }

  @Test
  void stateIsOverAfterItsTime() {
    SignIns.Begun begun = signIns.begin(Optional.empty());

    parts.clock().advance(SignIns.LIFETIME.plusSeconds(1));

    assertThat(signIns.end(begun.state(), Optional.of(begun.cookie()))).isFalse();
  }

  @Test
  void eachStartGivesTheBrowserAFreshCookieThatStillKnowsItsTabs() {
    SignIns.Begun first = signIns.begin(Optional.empty());
    SignIns.Begun second = signIns.begin(Optional.of(first.cookie()));

    assertThat(second.cookie()).isNotEqualTo(first.cookie());
    assertThat(signIns.end(first.state(), Optional.of(second.cookie()))).isTrue();
    assertThat(signIns.end(second.state(), Optional.of(second.cookie()))).isTrue();
  }

  @Test
  void theOldestOfFiveTabsBeginsAgain() {
    SignIns.Begun oldest = signIns.begin(Optional.empty());
    SignIns.Begun newest = oldest;
    for (int i = 0; i < 4; i++) {
      newest = signIns.begin(Optional.of(newest.cookie()));
    }

    assertThat(signIns.end(oldest.state(), Optional.of(newest.cookie()))).isFalse();
    assertThat(signIns.end(newest.state(), Optional.of(newest.cookie()))).isTrue();
  }

  @Test
  void cookieThatCinchDidNotSealIsNone() {
    SignIns.Begun elsewhere =
        new SignIns(parts.database(), Vault.open(Vault.newKeyset()), parts.clock())
            .begin(Optional.empty());

    assertThat(signIns.end(elsewhere.state(), Optional.of(elsewhere.cookie()))).isFalse();
    assertThat(signIns.end(elsewhere.state(), Optional.of("%%"))).isFalse();
  }

  @Test
  void usedStatesAreForgottenWhenTheyAreOver() {
    SignIns.Begun begun = signIns.begin(Optional.empty());
    signIns.end(begun.state(), Optional.of(begun.cookie()));

    parts.clock().advance(SignIns.LIFETIME.plus(Duration.ofSeconds(1)));
    signIns.removeExpired();

    assertThat(rows()).isZero();
  }

  private static int rows() {
    return parts.database().sql().fetchCount(SIGN_IN);
  }
}
