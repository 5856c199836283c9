package sh.cinch.bitbucket.client;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import sh.cinch.bitbucket.OpaqueToken;

/**
 * A webhook to make, or what one is to become; always an active one.
 *
 * @param secret at most {@link #LONGEST_SECRET} characters. Without one a new hook does not sign,
 *     and a hook that is there keeps the one it has
 */
public record HookRequest(
    String description, String url, Set<String> events, Optional<OpaqueToken> secret) {
  public static final int LONGEST_SECRET = 128;

  public HookRequest {
    events = Set.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("a webhook needs at least one event, e.g. repo:push");
    }
    if (secret.isPresent() && secret.get().reveal().length() > LONGEST_SECRET) {
      throw new IllegalArgumentException(
          "a webhook's secret has at most %d characters".formatted(LONGEST_SECRET));
    }
  }

  String json() {
    var body = ApiJson.object();
    body.put("description", description).put("url", url).put("active", true);
    var names = body.putArray("events");
    new TreeSet<>(events).forEach(names::add);
    secret.ifPresent(value -> body.put("secret", value.reveal()));
    return body.toString();
  }
}
