package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Codes, grants and tokens. Lives behind the world's lock. */
public final class Credentials {
  private final Map<String, AuthorizationCode> codes = new LinkedHashMap<>();
  private final Map<String, Grant> grants = new LinkedHashMap<>();
  private final Map<String, AccessToken> accessTokens = new LinkedHashMap<>();
  private final Map<String, RefreshToken> refreshTokens = new LinkedHashMap<>();
  private Instant lockedUntil = Instant.EPOCH;

  /** All of it at one moment. */
  public record Snapshot(
      List<AuthorizationCode> codes,
      List<Grant> grants,
      List<AccessToken> accessTokens,
      List<RefreshToken> refreshTokens,
      Instant lockedUntil) {}

  static Credentials of(Snapshot saved) {
    var credentials = new Credentials();
    saved.codes().forEach(credentials::put);
    saved.grants().forEach(credentials::put);
    saved.accessTokens().forEach(credentials::put);
    saved.refreshTokens().forEach(credentials::put);
    credentials.lockedUntil = saved.lockedUntil();
    return credentials;
  }

  Snapshot snapshot() {
    return new Snapshot(
        List.copyOf(codes.values()),
        List.copyOf(grants.values()),
        List.copyOf(accessTokens.values()),
        List.copyOf(refreshTokens.values()),
        lockedUntil);
  }

  public void put(AuthorizationCode code) {
    codes.put(code.value(), code);
  }

  /** Whoever takes a code has used it up, whatever comes of it. */
  public Optional<AuthorizationCode> take(String code) {
    return Optional.ofNullable(codes.remove(code));
  }

  public void put(Grant grant) {
    grants.put(grant.id(), grant);
  }

  public Optional<Grant> grant(String id) {
    return Optional.ofNullable(grants.get(id));
  }

  /** Ends those grants: their tokens die with them. */
  public void revoke(Predicate<Grant> which) {
    grants.replaceAll((id, grant) -> which.test(grant) ? grant.asRevoked() : grant);
    withdraw(token -> token.grant().flatMap(this::grant).map(Grant::revoked).orElse(false));
  }

  public void put(AccessToken token) {
    accessTokens.put(token.value(), token);
  }

  public Optional<AccessToken> accessToken(String value) {
    return Optional.ofNullable(accessTokens.get(value));
  }

  /** Ends those tokens. */
  public void withdraw(Predicate<AccessToken> which) {
    accessTokens.values().removeIf(which);
  }

  /** Forgets tokens so long expired that nobody can tell them from unknown ones. */
  public void forgetExpired(Instant before) {
    accessTokens.values().removeIf(token -> token.isExpired(before));
  }

  public void put(RefreshToken token) {
    refreshTokens.put(token.value(), token);
  }

  public Optional<RefreshToken> refreshToken(String value) {
    return Optional.ofNullable(refreshTokens.get(value));
  }

  public void markReplaced(RefreshToken token, Instant now) {
    put(token.replaced(now));
  }

  /** Until then every refresh of the client fails. */
  public Instant lockedUntil() {
    return lockedUntil;
  }

  public void lockUntil(Instant end) {
    lockedUntil = end;
  }
}
