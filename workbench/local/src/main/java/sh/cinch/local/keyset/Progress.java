package sh.cinch.local.keyset;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import sh.cinch.service.secret.KeyId;

/**
 * What a service says of its keyset.
 *
 * @param sealed secrets that are where they are to stay
 * @param remaining secrets to be moved yet
 * @param unreadable secrets under an old key that do not open
 * @param refused why the service did not take what lies in its file now
 */
record Progress(
    KeyId primary,
    List<KeyId> keys,
    long sealed,
    long remaining,
    long unreadable,
    Optional<String> refused) {

  Progress {
    keys = List.copyOf(keys);
  }

  /**
   * @throws RuntimeException where this is something else
   */
  static Progress of(JsonObject json) {
    JsonArray keys = json.getJsonArray("keys");
    return new Progress(
        KeyId.parse(json.getString("primary")),
        keys.stream().map(String.class::cast).map(KeyId::parse).toList(),
        json.getLong("sealed"),
        json.getLong("remaining"),
        json.getLong("unreadable"),
        Optional.ofNullable(json.getString("refused")));
  }

  /** Whether nothing needs any other key than this one. */
  boolean isDoneUnder(KeyId key) {
    return primary.equals(key) && remaining == 0 && unreadable == 0;
  }
}
