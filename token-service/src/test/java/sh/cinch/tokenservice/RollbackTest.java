package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.testkit.Reply;

/** The database goes back to an older state under a service that runs on. */
class RollbackTest {

  private static final Duration UNTIL_EXPIRED = Duration.ofHours(3);
  private static final Duration BEYOND_THE_GRACE = Duration.ofMinutes(15);
  private static final String COLUMNS =
      "authorization_secret, refresh_secret, token_version, token_made_at, expires_at, version,"
          + " due_at, state, failures, refusals";

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void whatARowHasLostIsPutBackOnceItIsLookedAt() {
    UUID credential = stack.connect(instance, "ada");
    backUp();
    String current = refreshed(credential);

    restoreBackup();
    say(credential);
    stack.clock.advance(BEYOND_THE_GRACE);

    assertThat(instance.lease(credential).text("authorization")).isEqualTo(current);
    stack.clock.advance(UNTIL_EXPIRED);
    assertThat(instance.lease(credential).status()).isEqualTo(201);
    assertThat(stack.forge.refreshes("ada").repeated() + stack.forge.refreshes("ada").reused())
        .as("the refresh token that the database went back to was never used")
        .isZero();
  }

  @Test
  void aBrokenConnectionIsReasonEnoughToCompareEverything() {
    UUID credential = stack.connect(instance, "ada");
    backUp();
    refreshed(credential);
    long version = tokens(credential);

    // Not due, so that nobody looks at it for another reason.
    instance.sql().execute("update backup set due_at = null");
    restoreBackup();
    assertThat(cutTheListener()).isPositive();

    await().untilAsserted(() -> assertThat(tokens(credential)).isGreaterThan(version));
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  @Test
  void anInstanceThatRemembersMendsWhatAnotherCouldNot() {
    UUID credential = stack.connect(instance, "ada");
    backUp();
    String current = refreshed(credential);
    Instance newcomer = stack.start();

    restoreBackup();
    stack.clock.advance(BEYOND_THE_GRACE);
    instance.sql().execute("update token_service.credential set due_at = null");
    // The newcomer knows of no other token than the one that has long been replaced.
    Reply refused =
        newcomer.worker(
            "POST",
            "/v1/credentials/" + credential + "/leases",
            new JsonObject().put("minimumSeconds", 7200));

    assertThat(refused.status()).isEqualTo(503);
    await()
        .untilAsserted(
            () -> {
              assertThat(instance.lease(credential).text("authorization")).isEqualTo(current);
              assertThat(instance.state(credential)).isEqualTo("healthy");
            });
    await()
        .untilAsserted(
            () -> assertThat(newcomer.lease(credential).text("authorization")).isEqualTo(current));
  }

  @Test
  void aRowThatIsNewerThanWhatIsRememberedIsLeftAlone() {
    UUID credential = stack.connect(instance, "ada");
    Instance other = stack.start();
    instance.lease(credential);
    stack.clock.advance(UNTIL_EXPIRED);
    String newer = other.lease(credential).text("authorization");

    await()
        .untilAsserted(
            () -> assertThat(instance.lease(credential).text("authorization")).isEqualTo(newer));
  }

  @Test
  void whatWasErasedDoesNotComeBack() {
    UUID credential = stack.connect(instance, "ada");
    instance.lease(credential);

    instance.erase(credential);

    assertThat(instance.lease(credential).status()).isEqualTo(409);
    assertThat(
            instance
                .sql()
                .fetchSingle(
                    "select authorization_secret, refresh_secret from token_service.credential"
                        + " where id = ?",
                    credential)
                .intoArray())
        .containsOnlyNulls();
  }

  private String refreshed(UUID credential) {
    stack.clock.advance(UNTIL_EXPIRED);
    return instance.lease(credential).text("authorization");
  }

  private void backUp() {
    instance.sql().execute("create table backup as select * from token_service.credential");
  }

  /** As a restored backup would be: no notification tells of it. */
  private void restoreBackup() {
    instance
        .sql()
        .execute(
            "update token_service.credential c set (%1$s) = (select %1$s from backup b where b.id ="
                    .formatted(COLUMNS)
                + " c.id)");
  }

  /**
   * How many connections were ended. One that has listened for a while last ran the empty statement
   * by which its driver finds out whether it is alive.
   */
  private int cutTheListener() {
    return instance
        .sql()
        .fetch(
            "select pg_terminate_backend(pid) from pg_stat_activity where datname ="
                + " current_database() and pid <> pg_backend_pid() and (query like 'listen %' or"
                + " query = '')")
        .size();
  }

  private long tokens(UUID credential) {
    return instance
        .sql()
        .fetchSingle("select token_version from token_service.credential where id = ?", credential)
        .get(0, Long.class);
  }

  private void say(UUID credential) {
    instance.sql().execute("select pg_notify('cinch_token_service', ?)", credential.toString());
  }
}
