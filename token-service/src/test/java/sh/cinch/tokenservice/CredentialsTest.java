package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.token_service.Tables.CREDENTIAL;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.token.Account;
import sh.cinch.testkit.ShiftedClock;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Credentials;
import sh.cinch.tokenservice.credential.FreshToken;
import sh.cinch.tokenservice.credential.TokenLife;
import sh.cinch.tokenservice.notification.ChangeNotifications;

/** Whoever lost a race writes nothing. */
class CredentialsTest {

  private static final Duration HOLD = Duration.ofSeconds(15);

  private final ShiftedClock clock = new ShiftedClock();
  private final Database database = Database.open(Backends.freshDatabase());
  private final Credentials credentials =
      new Credentials(
          database,
          Vault.open(Vault.newKeyset()),
          clock,
          new Outbox(TokenService.NAME),
          new ChangeNotifications(),
          () -> {});
  private final Credential seen =
      credentials
          .storeGrant("bitbucket-cloud", "client", new Account("{ada}", "Ada"), token("first"))
          .credential();

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void ofTwoWhoSawTheSameRowOneClaimsIt() {
    assertThat(credentials.claim(seen, HOLD)).isPresent();
    assertThat(credentials.claim(seen, HOLD)).isEmpty();
  }

  @Test
  void aClaimIsRespectedUntilItRunsOut() {
    Credential claimed = credentials.claim(seen, HOLD).orElseThrow();
    assertThat(credentials.claim(claimed, HOLD)).isEmpty();

    clock.advance(Duration.ofMinutes(1));
    assertThat(credentials.claim(claimed, HOLD)).isPresent();
  }

  @Test
  void aRowThatHasChangedSinceIsNotClaimed() {
    credentials.replace(seen, token("second"));

    assertThat(credentials.claim(seen, HOLD)).isEmpty();
  }

  @Test
  void whatWasDecidedOnAnOlderRowIsNotWritten() {
    Credential claimed = credentials.claim(seen, HOLD).orElseThrow();

    assertThat(credentials.save(seen.condemned("too late"))).isEmpty();
    assertThat(credentials.find(seen.id()).orElseThrow())
        .returns(claimed.version(), Credential::version)
        .returns(claimed.history(), Credential::history);
  }

  @Test
  void newTokensGoInWhateverElseHasChanged() {
    Credential claimed = credentials.claim(seen, HOLD).orElseThrow();
    credentials.save(claimed.postponed(soon()));

    Optional<Credential> replaced = credentials.replace(claimed, token("second"));

    assertThat(replaced.map(credentials::authorization)).hasValue(Secret.of("second"));
    assertThat(replaced.orElseThrow().history().failures()).isZero();
  }

  @Test
  void tokensOfALostRaceDoNotReplaceNewerOnes() {
    credentials.replace(seen, token("second"));

    assertThat(credentials.replace(seen, token("late"))).isEmpty();
    assertThat(credentials.find(seen.id()).map(credentials::authorization))
        .hasValue(Secret.of("second"));
  }

  @Test
  void whatWasErasedStaysErased() {
    credentials.erase(seen.id());

    assertThat(credentials.replace(seen, token("late"))).isEmpty();
    assertThat(credentials.find(seen.id()).orElseThrow().history().state())
        .isEqualTo(State.REVOKED);
  }

  @Test
  void whatIsStoredAgainWhileItIsOverdueStays() {
    credentials.keep(seen.id(), soon());
    clock.advance(Duration.ofMinutes(1));
    assertThat(credentials.overdue(1)).containsExactly(seen.id());
    credentials.storeGrant("bitbucket-cloud", "client", new Account("{ada}", "Ada"), token("new"));

    credentials.eraseOverdue(seen.id());

    Credential now = credentials.find(seen.id()).orElseThrow();
    assertThat(now.history().state()).isEqualTo(State.HEALTHY);
    assertThat(credentials.authorization(now)).isEqualTo(Secret.of("new"));
    assertThat(credentials.overdue(1)).isEmpty();
  }

  /** 0.1.0 can do nothing with a revoked one, and would look at it again and again. */
  @Test
  void theReleaseBeforeNeverFindsAKeptOneDue() {
    credentials.keep(seen.id(), soon().plus(Duration.ofHours(20)));
    assertThat(dueAt()).isNull();
    Credential claimed =
        credentials.claim(credentials.find(seen.id()).orElseThrow(), HOLD).orElseThrow();
    Credential failed = credentials.save(claimed.postponed(soon())).orElseThrow();
    assertThat(dueAt()).isNull();
    assertThat(failed.mayBeTried(clock.instant())).isFalse();
    assertThat(failed.mayBeTried(soon())).isTrue();
    credentials.replace(failed, token("second"));
    assertThat(dueAt()).isNull();
  }

  private @Nullable Instant dueAt() {
    return database
        .sql()
        .select(CREDENTIAL.DUE_AT)
        .from(CREDENTIAL)
        .where(CREDENTIAL.ID.eq(seen.id()))
        .fetchSingle(CREDENTIAL.DUE_AT);
  }

  @Test
  void aRefreshWithoutARefreshTokenKeepsTheOldOne() {
    FreshToken withoutRefresh =
        new FreshToken(
            Secret.of("second"), Optional.empty(), clock.instant(), Optional.empty(), Set.of());

    Credential replaced = credentials.replace(seen, withoutRefresh).orElseThrow();

    assertThat(credentials.refreshToken(replaced)).hasValue(Secret.of("refresh of first"));
    assertThat(replaced.scopes()).containsExactly("account");
  }

  private Instant soon() {
    return clock.instant().plusSeconds(15);
  }

  private FreshToken token(String text) {
    Instant now = clock.instant();
    return new FreshToken(
        Secret.of(text),
        Optional.of(Secret.of("refresh of " + text)),
        now,
        Optional.of(new TokenLife(now, now.plusSeconds(7200))),
        Set.of("account"));
  }
}
