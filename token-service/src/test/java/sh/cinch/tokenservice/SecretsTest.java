package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Vault;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.SimulatedBitbucket;

/** Secrets stay where they belong. */
@Isolated("it logs everything")
class SecretsTest {

  private static final List<String> COLUMNS = List.of("authorization_secret", "refresh_secret");

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void aCiphertextMovedToAnotherRowDoesNotOpen() {
    UUID ada = stack.connect(instance, "ada");
    UUID bo = stack.connect(instance, "bo");
    instance
        .sql()
        .execute(
            "update token_service.credential set authorization_secret ="
                + " (select authorization_secret from token_service.credential where id = ?)"
                + " where id = ?",
            ada,
            bo);

    Reply lease = instance.lease(bo);

    assertThat(lease.status()).isEqualTo(500);
    assertThat(lease.body()).doesNotContain("authorization\"");
    assertThat(instance.lease(ada).status()).isEqualTo(201);
    assertThatThrownBy(() -> unsealed(bo, "authorization_secret"))
        .isInstanceOf(Vault.Unreadable.class);
  }

  @Test
  void aMovedRefreshTokenIsNeverSentToTheForge() {
    UUID ada = stack.connect(instance, "ada");
    UUID bo = stack.connect(instance, "bo");
    instance
        .sql()
        .execute(
            "update token_service.credential set refresh_secret ="
                + " (select refresh_secret from token_service.credential where id = ?)"
                + " where id = ?",
            ada,
            bo);
    stack.clock.advance(Duration.ofHours(3));

    assertThat(instance.lease(bo).status()).isEqualTo(500);
    assertThat(instance.lease(ada).status()).isEqualTo(201);
    assertThat(instance.state(bo)).isEqualTo("healthy");
  }

  @Test
  void noSecretIsInAnyLogMetricOrEvent() {
    Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    Level before = root.getLevel();
    log.start();
    root.addAppender(log);
    root.setLevel(Level.DEBUG);
    List<String> secrets =
        new ArrayList<>(List.of(SimulatedBitbucket.CLIENT_SECRET, Instance.INGRESS));
    try {
      secrets.addAll(live());
    } finally {
      root.setLevel(before);
      root.detachAppender(log);
    }

    StringBuilder seen = new StringBuilder(instance.management("/metrics").body());
    for (ILoggingEvent event : List.copyOf(log.list)) {
      seen.append(event.getFormattedMessage()).append('\n').append(event.getThrowableProxy());
    }
    assertThat(secrets).hasSizeGreaterThan(8);
    assertThat(log.list).isNotEmpty();
    secrets.forEach(
        secret ->
            assertThat(seen.indexOf(secret)).as("a secret of %d", secret.length()).isEqualTo(-1));
  }

  /** All that can happen to a credential; the secrets that were about. */
  private List<String> live() {
    List<String> secrets = new ArrayList<>();
    String code = stack.forge.authorize("ada");
    secrets.add(code);
    UUID credential = instance.exchange(code).id();
    instance.exchange(code);
    COLUMNS.forEach(column -> secrets.add(unsealed(credential, column)));
    stack.clock.advance(Duration.ofHours(3));
    instance.reject(credential, instance.lease(credential));
    COLUMNS.forEach(column -> secrets.add(unsealed(credential, column)));

    stack.forge.repository("acme/app");
    String pasted = stack.forge.token("acme/app", "repository");
    secrets.add(pasted);
    instance.paste("acme/app", pasted);
    secrets.add("ATBB-an-app-password");
    instance.paste("acme/app", "ATBB-an-app-password");
    secrets.add("a-token-with a-space");
    instance.paste("acme/app", "a-token-with a-space");
    instance.call(Instance.INGRESS, "POST", "/v1/credentials", "{\"token\":\"" + pasted);

    stack.forge.breakTokenEndpoint(new JsonObject().put("kind", "reset").put("times", 1));
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);
    stack.forge.setting("revokeGrant", "ada");
    stack.clock.advance(Duration.ofMinutes(10));
    instance.lease(credential);
    instance.erase(credential);
    return secrets.stream().map(secret -> secret.replaceFirst("^Bearer ", "")).toList();
  }

  private String unsealed(UUID credential, String column) {
    byte[] ciphertext =
        instance
            .sql()
            .fetchSingle(
                "select " + column + " from token_service.credential where id = ?", credential)
            .get(0, byte[].class);
    return stack
        .vault
        .unseal(
            ciphertext,
            new CiphertextLocation("token_service.credential", credential.toString(), column))
        .reveal();
  }
}
