package sh.cinch.ingress.connecting.session;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static sh.cinch.database.ingress.Tables.SIGN_IN;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.database.Database;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/**
 * Browsers on their way through the forge's consent page. The state that comes back must be one
 * that this browser was sent away with, not long ago, and only once. What a browser was sent away
 * with it keeps itself, sealed: who only knocks leaves nothing here.
 */
public final class SignIns {

  public static final Duration LIFETIME = Duration.ofMinutes(10);

  /** Each tab has its own; who opens more of them begins the oldest again. */
  private static final int MOST_TABS = 4;

  private static final CiphertextLocation COOKIE =
      new CiphertextLocation("browser", "sign-in", "cookie");

  /**
   * A state that a browser is sent away with.
   *
   * @param cookie what the browser keeps meanwhile
   */
  public record Begun(RandomToken state, String cookie) {}

  private record Pending(String stateHash, Instant expiresAt) {}

  private final Database database;
  private final Vault vault;
  private final InstantSource clock;

  public SignIns(Database database, Vault vault, InstantSource clock) {
    this.database = database;
    this.vault = vault;
    this.clock = clock;
  }

  /**
   * @param cookie what the browser keeps already, of other tabs
   */
  public Begun begin(Optional<String> cookie) {
    RandomToken state = RandomToken.fresh();
    List<Pending> tabs = new ArrayList<>();
    tabs.add(new Pending(hash(state), clock.instant().plus(LIFETIME)));
    tabs.addAll(pending(cookie));
    return new Begun(state, sealed(tabs.subList(0, Math.min(tabs.size(), MOST_TABS))));
  }

  /** Whether this browser was sent away with it not long ago; it may have been used since. */
  public boolean isBegun(RandomToken state, Optional<String> cookie) {
    return begun(state, cookie).isPresent();
  }

  /** True once; another browser that shows the state does not use it up. */
  public boolean end(RandomToken state, Optional<String> cookie) {
    return begun(state, cookie).filter(tab -> isFirst(state, tab.expiresAt())).isPresent();
  }

  private Optional<Pending> begun(RandomToken state, Optional<String> cookie) {
    String hash = hash(state);
    return pending(cookie).stream().filter(tab -> tab.stateHash().equals(hash)).findFirst();
  }

  private boolean isFirst(RandomToken state, Instant expiresAt) {
    return database
            .sql()
            .insertInto(SIGN_IN)
            .set(SIGN_IN.STATE_HASH, state.hash())
            .set(SIGN_IN.BROWSER_HASH, new byte[0]) // of states that the release before began
            .set(SIGN_IN.EXPIRES_AT, expiresAt)
            .onConflictDoNothing()
            .execute()
        == 1;
  }

  public void removeExpired() {
    database.sql().deleteFrom(SIGN_IN).where(SIGN_IN.EXPIRES_AT.le(clock.instant())).execute();
  }

  private List<Pending> pending(Optional<String> cookie) {
    Instant now = clock.instant();
    return cookie.stream()
        .flatMap(this::opened)
        .filter(tab -> tab.expiresAt().isAfter(now))
        .toList();
  }

  private String sealed(List<Pending> tabs) {
    String text =
        tabs.stream()
            .map(tab -> tab.stateHash() + " " + tab.expiresAt().getEpochSecond())
            .collect(Collectors.joining("\n"));
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(vault.seal(Secret.of(text), COOKIE));
  }

  /** Nothing of what was not sealed here. */
  private Stream<Pending> opened(String cookie) {
    try {
      byte[] sealed = Base64.getUrlDecoder().decode(cookie.getBytes(US_ASCII));
      return vault.unseal(sealed, COOKIE).reveal().lines().map(SignIns::read);
    } catch (IllegalArgumentException | Vault.Unreadable e) {
      return Stream.empty();
    }
  }

  private static Pending read(String line) {
    String[] parts = line.split(" ", 2);
    return new Pending(parts[0], Instant.ofEpochSecond(Long.parseLong(parts[1])));
  }

  private static String hash(RandomToken state) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(state.hash());
  }
}
