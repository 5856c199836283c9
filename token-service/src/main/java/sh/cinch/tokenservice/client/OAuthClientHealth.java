package sh.cinch.tokenservice.client;

import static sh.cinch.database.token_service.Tables.OAUTH_CLIENT;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.oauth.ClientProof;
import sh.cinch.database.token_service.tables.records.OauthClientRecord;
import sh.cinch.service.database.Database;
import sh.cinch.service.due.BackOff;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.forge.BitbucketCloud;
import sh.cinch.tokenservice.notification.ChangeNotifications;

/**
 * What refusals say about our OAuth client. A refresh token that was used before can make Bitbucket
 * refuse everybody's for minutes, in the words it has for dead grants and for wrong client secrets
 * too. So from the first refusal to the next success refreshes take turns, over all instances; a
 * grant that was refused is tried again only where the client has just been proven by itself and no
 * lockout can be in force; and what is refused to several is never one grant's fault.
 */
public final class OAuthClientHealth {

  /** Longer than Bitbucket's lockout after a reused token has been seen to last. */
  private static final Duration LOCKOUT = Duration.ofMinutes(6);

  private static final Logger log = LoggerFactory.getLogger(OAuthClientHealth.class);

  /** Outlives the proof of the client, the refresh and the writing down of its answer. */
  private static final Duration TURN = BitbucketCloud.PATIENCE.multipliedBy(2).plusSeconds(5);

  private static final Duration LONGER_PAUSE = Duration.ofMinutes(10);
  private static final Duration SPREAD = Duration.ofMinutes(1);
  private static final int IN_DOUBT = 1;
  private static final int AT_FAULT = 2;

  private final Database database;
  private final BitbucketCloud bitbucket;
  private final InstantSource clock;
  private final MeterRegistry metrics;
  private final AtomicInteger shown;
  private final AtomicBoolean startedAnew = new AtomicBoolean(true);

  public OAuthClientHealth(
      Database database, BitbucketCloud bitbucket, InstantSource clock, MeterRegistry metrics) {
    this.database = database;
    this.bitbucket = bitbucket;
    this.clock = clock;
    this.metrics = metrics;
    this.shown = metrics.gauge("cinch.oauth.client.trouble", new AtomicInteger());
  }

  /** What those who wait for a turn listen for. */
  public String subject() {
    return "client " + bitbucket.clientId();
  }

  /** A {@link Admission.Turn} is to be given back by {@link #leave}. */
  public Admission admit(Credential credential) {
    if (startedAnew.getAndSet(false)) {
      endPause();
    }
    Instant now = clock.instant();
    OauthClientRecord row = read();
    boolean isSuspect = credential.isSuspect();
    boolean isInDoubt = row.getRefusedAt() != null;
    show(row);
    if (!isInDoubt && !isSuspect) {
      return new Admission.Free();
    }
    Optional<Instant> wait = earliest(row, isSuspect).filter(now::isBefore);
    if (wait.isPresent()) {
      return new Admission.Later(wait.get(), why(row));
    }
    if (!takeTurn(now)) {
      return new Admission.Taken();
    }
    return isSuspect || row.getShared() ? proven(isInDoubt) : new Admission.Turn(false);
  }

  /** Somebody has started this instance, perhaps with what was wrong put right. */
  private void endPause() {
    change(
        row -> {
          row.setNextTurnAt(null);
          row.setPauses(0);
        });
  }

  /** Where a lockout may be in force, a suspect would only be refused once more for nothing. */
  private static Optional<Instant> earliest(OauthClientRecord row, boolean isSuspect) {
    Optional<Instant> pause = Optional.ofNullable(row.getNextTurnAt());
    Optional<Instant> lockout =
        Optional.ofNullable(row.getRefusedAt()).filter(at -> isSuspect).map(at -> at.plus(LOCKOUT));
    return pause.isPresent() && lockout.isPresent()
        ? pause.filter(at -> at.isAfter(lockout.get())).or(() -> lockout)
        : pause.or(() -> lockout);
  }

  private Admission proven(boolean isInDoubt) {
    return switch (bitbucket.oauth().prove()) {
      case ClientProof.Proven proven -> new Admission.Turn(true);
      case ClientProof.Unknown(String what) -> new Admission.Turn(!isInDoubt);
      case ClientProof.Refused(String says) -> {
        refusedItself(says);
        leave();
        OauthClientRecord row = read();
        yield new Admission.Later(
            Optional.ofNullable(row.getNextTurnAt()).orElseGet(clock::instant), why(row));
      }
    };
  }

  private boolean takeTurn(Instant now) {
    return database
            .sql()
            .update(OAUTH_CLIENT)
            .set(OAUTH_CLIENT.TURN_UNTIL, now.plus(TURN))
            .where(OAUTH_CLIENT.CLIENT_ID.eq(bitbucket.clientId()))
            .and(OAUTH_CLIENT.TURN_UNTIL.isNull().or(OAUTH_CLIENT.TURN_UNTIL.le(now)))
            .execute()
        == 1;
  }

  public void leave() {
    change(row -> row.setTurnUntil(null));
  }

  /**
   * Bitbucket gave tokens.
   *
   * @param askedAt what was asked for before a refusal says nothing about the time after it
   */
  public void granted(Instant askedAt) {
    int cleared =
        database
            .sql()
            .update(OAUTH_CLIENT)
            .setNull(OAUTH_CLIENT.REFUSED_AT)
            .setNull(OAUTH_CLIENT.REFUSED_CREDENTIAL)
            .setNull(OAUTH_CLIENT.SAYS)
            .setNull(OAUTH_CLIENT.NEXT_TURN_AT)
            .set(OAUTH_CLIENT.SHARED, false)
            .set(OAUTH_CLIENT.PAUSES, 0)
            .where(OAUTH_CLIENT.CLIENT_ID.eq(bitbucket.clientId()))
            .and(OAUTH_CLIENT.REFUSED_AT.lt(askedAt))
            .execute();
    if (cleared == 1) {
      log.info("Bitbucket takes refreshes of the OAuth client {} again", bitbucket.clientId());
    }
    shown.set(0);
  }

  /** A refresh was refused, and that may be the grant's fault or the client's. */
  public void refused(UUID credential, String says) {
    refused(Optional.of(credential), says);
  }

  /** Our id or secret was refused, which is nobody's grant's fault. */
  public void refusedItself(String says) {
    refused(Optional.empty(), says);
  }

  /**
   * A refresh was refused, and the client is known not to be at fault; it may be locked out now.
   */
  public void refusedClearly(UUID credential, String says) {
    show(
        change(
            row -> {
              row.setShared(false);
              row.setNextTurnAt(null);
              row.setPauses(0);
              row.setRefusedAt(clock.instant());
              row.setRefusedCredential(credential);
              row.setSays(says);
            }));
  }

  private void refused(Optional<UUID> credential, String says) {
    metrics.counter("cinch.oauth.client.refused").increment();
    OauthClientRecord after =
        change(
            row -> {
              boolean isAlone =
                  credential.isPresent()
                      && (row.getRefusedAt() == null
                          || credential.get().equals(row.getRefusedCredential()));
              Instant now = clock.instant();
              if (!isAlone || row.getShared()) {
                row.setShared(true);
                row.setNextTurnAt(
                    now.plus(
                        row.getPauses() == 0
                            ? afterLockout()
                            : BackOff.spread(LONGER_PAUSE, SPREAD)));
                row.setPauses(row.getPauses() + 1);
              }
              row.setRefusedAt(now);
              row.setRefusedCredential(credential.orElse(row.getRefusedCredential()));
              row.setSays(says);
            });
    show(after);
    if (after.getShared()) {
      log.error(
          "Bitbucket refuses more than one authorization's worth of Cinch's OAuth client {}: {}."
              + " Either it has locked the client out for some minutes, or the client is broken:"
              + " look at CINCH_BITBUCKET_CLIENT_ID and CINCH_BITBUCKET_CLIENT_SECRET. Nobody's"
              + " authorization is given up for this; next try {}",
          bitbucket.clientId(),
          says,
          after.getNextTurnAt());
    } else {
      log.warn(
          "Bitbucket refused a refresh of the OAuth client {}: {}; one at a time from now on",
          bitbucket.clientId(),
          says);
    }
  }

  private String why(OauthClientRecord row) {
    String says = Optional.ofNullable(row.getSays()).orElse("no reason given");
    return row.getShared()
        ? ("Bitbucket refuses Cinch's OAuth client, or all its refreshes for some minutes (%s)."
                + " Whoever runs Cinch should look at the client's id and secret, if this lasts.")
            .formatted(says)
        : "Bitbucket refused a refresh (%s); Cinch waits some minutes before the next."
            .formatted(says);
  }

  /** When a refusal may have ended, never the same for two credentials. */
  public static Duration afterLockout() {
    return BackOff.spread(LOCKOUT, SPREAD);
  }

  private void show(OauthClientRecord row) {
    shown.set(row.getRefusedAt() == null ? 0 : row.getShared() ? AT_FAULT : IN_DOUBT);
  }

  private OauthClientRecord read() {
    return database
        .sql()
        .selectFrom(OAUTH_CLIENT)
        .where(OAUTH_CLIENT.CLIENT_ID.eq(bitbucket.clientId()))
        .fetchOptional()
        .orElseGet(() -> change(row -> {}));
  }

  private OauthClientRecord change(Consumer<OauthClientRecord> edit) {
    return database.transaction(transaction -> change(transaction, edit));
  }

  private OauthClientRecord change(DSLContext transaction, Consumer<OauthClientRecord> edit) {
    transaction
        .insertInto(OAUTH_CLIENT)
        .set(OAUTH_CLIENT.CLIENT_ID, bitbucket.clientId())
        .onConflictDoNothing()
        .execute();
    OauthClientRecord row =
        transaction
            .selectFrom(OAUTH_CLIENT)
            .where(OAUTH_CLIENT.CLIENT_ID.eq(bitbucket.clientId()))
            .forUpdate()
            .fetchSingle();
    edit.accept(row);
    row.update();
    ChangeNotifications.tell(transaction, subject());
    return row;
  }
}
