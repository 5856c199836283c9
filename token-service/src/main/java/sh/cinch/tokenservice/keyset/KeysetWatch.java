package sh.cinch.tokenservice.keyset;

import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Vault;

/**
 * Keeps requests and periodic work away from the credentials until the keyset is known to fit them;
 * afterwards looks whether its file has changed.
 */
final class KeysetWatch implements Checked, Handler<RoutingContext> {

  private static final Logger log = LoggerFactory.getLogger(KeysetWatch.class);

  private final KeysetCheck check;
  private final Vault vault;
  private volatile Fit fit = new Fit.Unknown("not compared with the database yet");
  private KeyId primary;

  KeysetWatch(KeysetCheck check, Vault vault) {
    this.check = check;
    this.vault = vault;
    this.primary = vault.primary();
  }

  /**
   * Where PostgreSQL is away, that is found out later.
   *
   * @throws ConfigurationException where the keyset does not fit the database
   */
  void start() {
    fit = check.fit(vault);
    switch (fit) {
      case Fit.Fits() -> {}
      case Fit.Unknown(String why) -> log.warn("no credential is served: {}", why);
      case Fit.Misfit(String why) -> throw new ConfigurationException(List.of(why));
    }
  }

  /**
   * @return whether there may be something new to encrypt, or to encrypt it with
   */
  boolean look() {
    boolean unused = vault.look();
    boolean fitted = fits();
    if (!fitted) {
      compare();
    }
    // Somebody may have made the vault look before us.
    KeyId before = primary;
    primary = vault.primary();
    return !primary.equals(before) || fits() != fitted;
  }

  boolean fits() {
    return fit instanceof Fit.Fits;
  }

  @Override
  public void handle(RoutingContext context) {
    if (fits()) {
      context.next();
      return;
    }
    new Problem(
            503,
            "Not now",
            "The token-service serves no credential before its keyset is known to fit its database."
                + " Its management port says what is missing.")
        .send(context.response());
  }

  @Override
  public Check check() {
    return switch (fit) {
      case Fit.Fits() -> new Check.Well();
      case Fit.Unknown(String why) -> new Check.Unwell(why);
      case Fit.Misfit(String why) -> new Check.Unwell(why);
    };
  }

  private void compare() {
    Fit before = fit;
    fit = check.fit(vault);
    if (!fit.equals(before)) {
      switch (fit) {
        case Fit.Fits() -> log.info("the keyset fits the database: credentials are served");
        case Fit.Unknown(String why) -> log.warn("no credential is served: {}", why);
        case Fit.Misfit(String why) -> log.error("no credential is served: {}", why);
      }
    }
  }
}
