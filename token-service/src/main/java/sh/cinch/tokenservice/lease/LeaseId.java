package sh.cinch.tokenservice.lease;

import java.nio.charset.StandardCharsets;
import java.util.UUID;
import sh.cinch.tokenservice.credential.Credential;

/**
 * Names a lease after the token that it lends, so that a rejection can be matched without a row for
 * each lease.
 */
final class LeaseId {

  private LeaseId() {}

  static UUID of(Credential credential) {
    // With the time beside the version: a database put back to an older state counts the same
    // again.
    String token =
        credential.id()
            + ":"
            + credential.token().version()
            + ":"
            + credential.token().madeAt().toEpochMilli();
    return UUID.nameUUIDFromBytes(token.getBytes(StandardCharsets.UTF_8));
  }
}
