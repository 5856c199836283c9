package sh.cinch.simulator.world;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Queue;
import java.util.function.Predicate;

/** Codes, grants and tokens. Lives behind the world's lock. */
public final class Credentials {
  private final Map<String, AuthorizationCode> codes = new LinkedHashMap<>();
  private final Map<String, Grant> grants = new LinkedHashMap<>();
  private final Map<String, AccessToken> accessTokens = new LinkedHashMap<>();
  private final Map<String, RefreshToken> refreshTokens = new LinkedHashMap<>();
  // in the order in which they expire, so that forgetting need not walk all of them
  private final Queue<AccessToken> expiring =
      new PriorityQueue<>(Comparator.comparing(token -> token.expiresAt().orElse(Instant.MAX)));
  private final List<Issued> issued = new ArrayList<>();
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

  /** Every secret that was handed out since the start, also those that nothing takes any more. */
  public List<Issued> issued() {
    return List.copyOf(issued);
  }

  public void issue(AuthorizationCode code) {
    issued.add(new Issued(Issued.Kind.CODE, code.value()));
    put(code);
  }

  private void put(AuthorizationCode code) {
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

  public void issue(AccessToken token) {
    issued.add(new Issued(kind(token), token.value()));
    put(token);
  }

  private static Issued.Kind kind(AccessToken token) {
    return switch (token.kind()) {
      case OAUTH -> Issued.Kind.ACCESS_TOKEN;
      case REPOSITORY -> Issued.Kind.REPOSITORY_TOKEN;
      case API_TOKEN -> Issued.Kind.API_TOKEN;
    };
  }

  private void put(AccessToken token) {
    accessTokens.put(token.value(), token);
    expiring.add(token);
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
    while (!expiring.isEmpty() && expiring.element().isExpired(before)) {
      accessTokens.remove(expiring.remove().value());
    }
  }

  public void issue(RefreshToken token) {
    issued.add(new Issued(Issued.Kind.REFRESH_TOKEN, token.value()));
    put(token);
  }

  private void put(RefreshToken token) {
    refreshTokens.put(token.value(), token);
  }

  public Optional<RefreshToken> refreshToken(String value) {
    return Optional.ofNullable(refreshTokens.get(value));
  }

  public void replace(RefreshToken token, RefreshToken.Pair by, Instant now) {
    put(token.replaced(by, now));
  }

  /** Ends the pair that was given for that token, and all that was given for the pair since. */
  public void supersede(RefreshToken.Pair pair) {
    accessTokens.remove(pair.accessToken());
    refreshToken(pair.refreshToken())
        .ifPresent(
            token -> {
              put(token.asSuperseded());
              token.given().ifPresent(this::supersede);
            });
  }

  /** Until then every refresh of the client fails. */
  public Instant lockedUntil() {
    return lockedUntil;
  }

  public void lockUntil(Instant end) {
    lockedUntil = end;
  }
}
