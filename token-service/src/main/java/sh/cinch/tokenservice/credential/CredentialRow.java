package sh.cinch.tokenservice.credential;

import static sh.cinch.database.token_service.Tables.CREDENTIAL;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.TableField;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.secret.Vault;
import sh.cinch.service.token.Account;

/** Between a credential and its row. */
final class CredentialRow {

  private CredentialRow() {}

  static Credential read(CredentialRecord row) {
    Optional<Instant> expiresAt = Optional.ofNullable(row.getExpiresAt());
    Token token =
        new Token(
            row.getTokenVersion(),
            ciphertext(row, CREDENTIAL.AUTHORIZATION_SECRET),
            ciphertext(row, CREDENTIAL.REFRESH_SECRET),
            row.getTokenMadeAt(),
            expiresAt.map(end -> new TokenLife(row.getTokenMadeAt(), end)));
    return new Credential(
        row.getId(),
        Kind.of(row.getKind()),
        Optional.ofNullable(row.getClientId()),
        Optional.ofNullable(row.getAccountUuid())
            .map(uuid -> new Account(uuid, row.getAccountName())),
        Optional.ofNullable(row.getRepository()).flatMap(ForgeRepository::named),
        Set.of(row.getScopes()),
        token,
        new RefreshHistory(
            State.of(row.getState()),
            Optional.ofNullable(row.getReason()),
            row.getFailures(),
            row.getRefusals()),
        row.getVersion(),
        new Refreshing(
            Optional.ofNullable(row.getRefreshingUntil()),
            Optional.ofNullable(dueAt(row)),
            Optional.ofNullable(row.getUnansweredSince())),
        Optional.ofNullable(row.getLastLeasedAt()).orElse(row.getCreatedAt()),
        isKept(row) ? Optional.ofNullable(row.getKeptUntil()) : Optional.empty());
  }

  /** Everything that can change without the tokens changing. One that is kept stays so. */
  static void write(CredentialRecord row, Credential credential) {
    RefreshHistory history = credential.history();
    if (!credential.isKept()) {
      row.setState(history.state().word());
      row.setReason(history.reason().orElse(null));
    }
    row.setFailures(history.failures());
    row.setRefusals(history.refusals());
    row.setExpiresAt(credential.token().life().map(TokenLife::expiresAt).orElse(null));
    row.setRefreshingUntil(credential.refreshing().claimedUntil().orElse(null));
    Instant dueAt = credential.refreshing().dueAt().orElse(null);
    if (credential.isKept()) {
      row.setKeptDueAt(dueAt);
    } else {
      row.setDueAt(dueAt);
    }
    row.setUnansweredSince(credential.refreshing().unansweredSince().orElse(null));
  }

  /** A person brought it, anew or for the first time. */
  static void store(CredentialRecord row, FreshToken token, Vault vault) {
    notKept(row);
    row.setState(State.HEALTHY.word());
    write(row, token, vault);
  }

  /** New tokens: whatever spoke against the old ones is forgotten. */
  static void write(CredentialRecord row, FreshToken token, Vault vault) {
    UUID id = row.getId();
    row.setAuthorizationSecret(
        Ciphertext.seal(vault, token.authorization(), id, CREDENTIAL.AUTHORIZATION_SECRET));
    token
        .refresh()
        .ifPresent(
            refresh ->
                row.setRefreshSecret(
                    Ciphertext.seal(vault, refresh, id, CREDENTIAL.REFRESH_SECRET)));
    row.setTokenVersion(row.getTokenVersion() + 1);
    row.setTokenMadeAt(after(row, token.madeAt()));
    row.setExpiresAt(token.life().map(TokenLife::expiresAt).orElse(null));
    if (!token.scopes().isEmpty()) {
      row.setScopes(token.scopes().stream().sorted().toArray(String[]::new));
    }
    if (isKept(row)) {
      untroubled(row);
      row.setKeptDueAt(null);
      return;
    }
    forgiven(row);
    // Without a refresh token it is a person who must act, and wants to be told ahead.
    row.setDueAt(
        token
            .life()
            .map(life -> row.getRefreshSecret() == null ? life.wantsWarning() : life.wantsRefresh())
            .orElse(null));
  }

  /** Another took its place. It is said to be gone, which it is to all but a few. */
  static void keep(CredentialRecord row, Instant until) {
    row.setKeptDueAt(dueAt(row));
    row.setKeptUntil(until);
    row.setDueAt(null);
    row.setState(State.REVOKED.word());
    row.setReason("another credential took its place");
  }

  /** Nothing is left to use; the row stays. */
  static void erase(CredentialRecord row, Instant now) {
    boolean isSaid = isRevoked(row);
    untroubled(row);
    notKept(row);
    row.setAuthorizationSecret(null);
    row.setRefreshSecret(null);
    row.setTokenVersion(row.getTokenVersion() + 1);
    row.setTokenMadeAt(after(row, now));
    row.setExpiresAt(null);
    row.setDueAt(null);
    if (!isSaid) {
      row.setState(State.REVOKED.word());
      row.setReason("it was disconnected in Cinch");
    }
  }

  static boolean isRevoked(CredentialRecord row) {
    return row.getState().equals(State.REVOKED.word());
  }

  private static boolean isKept(CredentialRecord row) {
    return isRevoked(row) && row.getKeptUntil() != null;
  }

  private static @Nullable Instant dueAt(CredentialRecord row) {
    return isKept(row) ? row.getKeptDueAt() : row.getDueAt();
  }

  private static void notKept(CredentialRecord row) {
    row.setKeptUntil(null);
    row.setKeptDueAt(null);
  }

  static boolean isOverdue(CredentialRecord row, Instant now) {
    return isRevoked(row) && row.getKeptUntil() != null && !row.getKeptUntil().isAfter(now);
  }

  /** A grant is another matter: its tokens are made anew all the time. */
  static boolean isPastedAfter(CredentialRecord row, Instant time) {
    return Kind.of(row.getKind()) != Kind.OAUTH && row.getTokenMadeAt().isAfter(time);
  }

  static boolean isErased(CredentialRecord row) {
    return isRevoked(row) && row.getAuthorizationSecret() == null && row.getRefreshSecret() == null;
  }

  /** Only ever later, whatever clocks say: an earlier one means that the row went back in time. */
  private static Instant after(CredentialRecord row, Instant time) {
    Instant before = row.getTokenMadeAt();
    return before == null || before.isBefore(time) ? time : before.plusMillis(1);
  }

  /** The tokens of another state of this row, which was newer than what stands in it. */
  static void restore(CredentialRecord row, Credential newer, Vault vault) {
    UUID id = row.getId();
    Token token = newer.token();
    row.setAuthorizationSecret(
        resealed(vault, token.authorization(), id, CREDENTIAL.AUTHORIZATION_SECRET));
    row.setRefreshSecret(resealed(vault, token.refresh(), id, CREDENTIAL.REFRESH_SECRET));
    row.setTokenVersion(Math.max(row.getTokenVersion(), token.version()) + 1);
    row.setTokenMadeAt(token.madeAt());
    row.setExpiresAt(token.life().map(TokenLife::expiresAt).orElse(null));
    row.setScopes(newer.scopes().stream().sorted().toArray(String[]::new));
    row.setVersion(Math.max(row.getVersion(), newer.version()));
    forgiven(row);
    row.setDueAt(newer.refreshing().dueAt().orElse(null));
  }

  /** Whatever spoke against the tokens that stood here says nothing of these. */
  private static void forgiven(CredentialRecord row) {
    row.setState(State.HEALTHY.word());
    row.setReason(null);
    untroubled(row);
  }

  /** The same of how refreshing it went. */
  private static void untroubled(CredentialRecord row) {
    row.setFailures(0);
    row.setRefusals(0);
    row.setRefreshingUntil(null);
    row.setUnansweredSince(null);
  }

  /** Once more, since the key may have been rotated meanwhile. */
  private static byte @Nullable [] resealed(
      Vault vault,
      Optional<Ciphertext> ciphertext,
      UUID id,
      TableField<CredentialRecord, byte[]> column) {
    return ciphertext
        .map(there -> Ciphertext.seal(vault, there.open(vault), id, column))
        .orElse(null);
  }

  private static Optional<Ciphertext> ciphertext(
      CredentialRecord row, TableField<CredentialRecord, byte[]> column) {
    return Optional.ofNullable(row.get(column))
        .map(bytes -> new Ciphertext(bytes, row.getId(), column));
  }
}
