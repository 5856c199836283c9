package sh.cinch.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.world.Fresh;
import sh.cinch.simulator.world.Hook;

/** A hook as a caller wants it. What an update leaves out stays as it was. */
sealed interface HookBody {
  int LONGEST_SECRET = 128;

  record Valid(Hook hook) implements HookBody {}

  record Invalid(Map<String, List<String>> problems) implements HookBody {}

  static HookBody create(Optional<ObjectNode> body, Instant now) {
    if (body.isEmpty()) {
      return notJson();
    }
    var problems = new LinkedHashMap<String, List<String>>();
    for (String field : List.of("url", "events")) {
      if (!body.get().hasNonNull(field)) {
        problems.put(field, List.of("This field is required."));
      }
    }
    var blank =
        new Hook(
            Fresh.uuid(),
            "",
            URI.create("https://example.com"),
            true,
            List.of(),
            Optional.empty(),
            false,
            now);
    return apply(blank, body.get(), problems);
  }

  static HookBody update(Hook old, Optional<ObjectNode> body) {
    return body.isEmpty() ? notJson() : apply(old, body.get(), new LinkedHashMap<>());
  }

  private static HookBody notJson() {
    return new Invalid(Map.of("body", List.of("Expected a JSON object.")));
  }

  private static HookBody apply(Hook old, ObjectNode body, Map<String, List<String>> problems) {
    Optional<URI> url = url(body);
    if (body.hasNonNull("url") && url.isEmpty()) {
      problems.put("url", List.of("Enter a valid URL."));
    }
    Optional<List<String>> events = events(body, problems);
    Optional<String> secret = secret(old, body);
    if (secret.filter(value -> value.length() > LONGEST_SECRET).isPresent()) {
      problems.put(
          "secret",
          List.of(
              "Ensure this value has at most %d characters (it has %d)."
                  .formatted(LONGEST_SECRET, secret.orElse("").length())));
    }
    if (!problems.isEmpty()) {
      return new Invalid(problems);
    }
    return new Valid(
        new Hook(
            old.uuid(),
            body.path("description").asText(old.description()),
            url.orElse(old.url()),
            body.path("active").asBoolean(old.active()),
            events.orElse(old.events()),
            secret,
            body.path("skip_cert_verification").asBoolean(old.skipCertVerification()),
            old.createdAt()));
  }

  /** Bitbucket takes only public addresses; here they may be local, or nobody could listen. */
  private static Optional<URI> url(ObjectNode body) {
    try {
      return Optional.of(URI.create(body.path("url").asText()))
          .filter(uri -> "http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
          .filter(uri -> uri.getHost() != null);
    } catch (IllegalArgumentException notAUri) {
      return Optional.empty();
    }
  }

  private static Optional<List<String>> events(
      ObjectNode body, Map<String, List<String>> problems) {
    if (!body.hasNonNull("events")) {
      return Optional.empty();
    }
    var events = new ArrayList<String>();
    for (JsonNode event : body.path("events").isArray() ? body.path("events") : Json.array()) {
      events.add(event.asText());
    }
    if (events.isEmpty()) {
      problems.put("events", List.of("Expected a list of at least one event."));
    } else if (new HashSet<>(events).size() < events.size()) {
      problems.put("events", List.of("Expected each event once."));
    } else if (!HookEvents.ALL.containsAll(events)) {
      events.removeAll(HookEvents.ALL);
      problems.put("events", List.of("Unknown event: " + String.join(", ", events)));
    }
    return Optional.of(events);
  }

  /** Left out: as it was. Null or empty: none. */
  private static Optional<String> secret(Hook old, ObjectNode body) {
    return body.has("secret")
        ? Optional.of(body.get("secret").asText(""))
            .filter(value -> !body.get("secret").isNull() && !value.isEmpty())
        : old.secret();
  }
}
