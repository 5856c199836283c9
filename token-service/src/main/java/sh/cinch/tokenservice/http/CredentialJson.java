package sh.cinch.tokenservice.http;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import sh.cinch.tokenservice.credential.Account;
import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.CredentialHealth;

/** A credential as callers see it: nothing that could be used. */
final class CredentialJson {

  private CredentialJson() {}

  static JsonObject of(Credential credential) {
    JsonObject json =
        new JsonObject()
            .put("id", credential.id().toString())
            .put("kind", credential.kind().word())
            .put("scopes", new JsonArray(credential.scopes().stream().sorted().toList()))
            .put("state", CredentialHealth.word(credential.standing().state()))
            .put("account", credential.account().map(CredentialJson::of).orElse(null))
            // Not an access token's end, which is nobody's business: when the credential itself
            // ends.
            .put("expiresAt", credential.endsAt().map(Instant::toString).orElse(null));
    credential.standing().reason().ifPresent(reason -> json.put("reason", reason));
    return json;
  }

  private static JsonObject of(Account account) {
    return new JsonObject().put("uuid", account.uuid()).put("name", account.name());
  }
}
