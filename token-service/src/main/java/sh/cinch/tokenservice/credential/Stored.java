package sh.cinch.tokenservice.credential;

/**
 * A credential that is now in its row.
 *
 * @param isNew false where the same grant was authorized again
 */
public record Stored(Credential credential, boolean isNew) {}
