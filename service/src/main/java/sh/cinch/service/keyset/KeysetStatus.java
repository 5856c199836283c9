package sh.cinch.service.keyset;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import sh.cinch.service.secret.KeyId;

/**
 * How far a service's secrets are on their way to the primary key, as {@code /keyset} says it.
 *
 * @param sealed secrets that are where they are to stay
 * @param remaining secrets to be moved yet
 * @param unreadable secrets under an old key that do not open
 * @param refused why the service did not take what lies in its file now
 */
public record KeysetStatus(
    KeyId primary,
    List<KeyId> keys,
    long sealed,
    long remaining,
    long unreadable,
    Optional<String> refused) {

  public KeysetStatus {
    keys = List.copyOf(keys);
  }

  /**
   * @throws RuntimeException where this is something else
   */
  public static KeysetStatus of(JsonObject json) {
    return new KeysetStatus(
        KeyId.parse(json.getString("primary")),
        json.getJsonArray("keys").stream().map(String.class::cast).map(KeyId::parse).toList(),
        json.getLong("sealed"),
        json.getLong("remaining"),
        json.getLong("unreadable"),
        Optional.ofNullable(json.getString("refused")));
  }

  public JsonObject json() {
    JsonObject json =
        new JsonObject()
            .put("primary", primary.toString())
            .put("keys", new JsonArray(keys.stream().map(KeyId::toString).toList()))
            .put("sealed", sealed)
            .put("remaining", remaining)
            .put("unreadable", unreadable);
    refused.ifPresent(why -> json.put("refused", why));
    return json;
  }

  /** Whether nothing needs any other key than this one. */
  public boolean isDoneUnder(KeyId key) {
    return primary.equals(key) && remaining == 0 && unreadable == 0;
  }
}
