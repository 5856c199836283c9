package sh.cinch.tokenservice.credential;

import static sh.cinch.schema.tables.token_service.Tables.CREDENTIAL;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jooq.TableField;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.schema.tables.token_service.tables.records.CredentialRecord;
import sh.cinch.service.secret.Vault;

/** Between a credential and its row. */
final class Row {

  private Row() {}

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
        Optional.ofNullable(row.getAccountUuid())
            .map(uuid -> new Account(uuid, row.getAccountName())),
        Optional.ofNullable(row.getRepository()).flatMap(RepositoryAddress::parse),
        Set.of(row.getScopes()),
        token,
        new Standing(
            Standing.state(row.getState()),
            Optional.ofNullable(row.getReason()),
            row.getFailures(),
            row.getRefusals()),
        row.getVersion(),
        Optional.ofNullable(row.getRefreshingUntil()),
        Optional.ofNullable(row.getDueAt()),
        Optional.ofNullable(row.getLastLeasedAt()).orElse(row.getCreatedAt()));
  }

  /** Everything that can change without the tokens changing. */
  static void write(CredentialRecord row, Credential credential) {
    Standing standing = credential.standing();
    row.setState(Standing.word(standing.state()));
    row.setReason(standing.reason().orElse(null));
    row.setFailures(standing.failures());
    row.setRefusals(standing.refusals());
    row.setExpiresAt(credential.token().life().map(TokenLife::expiresAt).orElse(null));
    row.setRefreshingUntil(credential.refreshingUntil().orElse(null));
    row.setDueAt(credential.dueAt().orElse(null));
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
    row.setTokenMadeAt(token.madeAt());
    row.setExpiresAt(token.life().map(TokenLife::expiresAt).orElse(null));
    if (!token.scopes().isEmpty()) {
      row.setScopes(token.scopes().stream().sorted().toArray(String[]::new));
    }
    row.setState(Standing.word(Standing.HEALTHY.state()));
    row.setReason(null);
    row.setFailures(0);
    row.setRefusals(0);
    row.setRefreshingUntil(null);
    // Without a refresh token its end is where a person must act, and no sooner.
    row.setDueAt(
        token
            .life()
            .map(life -> row.getRefreshSecret() == null ? life.expiresAt() : life.wantsRefresh())
            .orElse(null));
  }

  private static Optional<Ciphertext> ciphertext(
      CredentialRecord row, TableField<CredentialRecord, byte[]> column) {
    return Optional.ofNullable(row.get(column))
        .map(bytes -> new Ciphertext(bytes, row.getId(), column));
  }
}
