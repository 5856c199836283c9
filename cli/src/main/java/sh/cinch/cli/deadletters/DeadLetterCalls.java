package sh.cinch.cli.deadletters;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sh.cinch.cli.server.Answer;
import sh.cinch.cli.server.Query;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.Server;

/** What Cinch's API has about dead letters. */
record DeadLetterCalls(Server server) {

  private static final int PAGE = 200;

  /** As many as are sent within the time that an answer has. */
  private static final int REPLAYED_AT_ONCE = 50;

  /**
   * A part of the list.
   *
   * @param unlisted what the list has no room for
   * @param isAll whether there are no others
   */
  record Listed(List<JsonNode> letters, List<JsonNode> unlisted, boolean isAll) {}

  /** One that stays as it was. */
  record Left(String id, String reason) {}

  /**
   * What became of several.
   *
   * @param stopped why the others were not tried; empty where there are none
   */
  record Settled(int count, List<Left> left, Optional<String> stopped) {

    static final Settled NONE = new Settled(0, List.of(), Optional.empty());
  }

  /** The newest first, at most so many. */
  Listed list(Query query, int most) {
    List<JsonNode> letters = new ArrayList<>();
    List<JsonNode> unlisted = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String next = "";
    // A cursor that comes again would lead in circles.
    while (letters.size() < most && seen.add(next)) {
      JsonNode page = call("GET", "/dead-letters" + goingOn(query, PAGE, next));
      page.path("items").forEach(letters::add);
      page.path("unlisted").forEach(unlisted::add);
      next = page.path("next").asText("");
    }
    boolean isAll = letters.size() <= most && (next.isEmpty() || letters.isEmpty());
    return new Listed(letters.subList(0, Math.min(most, letters.size())), unlisted, isAll);
  }

  private static Query goingOn(Query query, int limit, String cursor) {
    return query
        .with("limit", String.valueOf(limit))
        .with("cursor", cursor.isEmpty() ? null : cursor);
  }

  JsonNode show(String id) {
    return call("GET", "/dead-letters/" + encoded(id));
  }

  /**
   * @param value a corrected one
   * @return why it could not be; empty where it was
   */
  Optional<Left> replay(String id, Optional<JsonNode> value) {
    return settled(
        id, "replay", value.<Object>map(corrected -> Map.of("value", corrected)).orElse(null));
  }

  Optional<Left> drop(String id) {
    return settled(id, "drop", null);
  }

  private Optional<Left> settled(String id, String how, @Nullable Object body) {
    return switch (server.ask(
        "POST", "/dead-letters/%s/%s".formatted(encoded(id), how), body, Map.of())) {
      case Answer.Done done -> Optional.empty();
      case Answer.Refused(int status, String words, JsonNode problem) when status == 401 ->
          throw new Refusal(words);
      case Answer.Refused(int ignored, String words, JsonNode problem) ->
          Optional.of(new Left(id, words));
      case Answer.Away(String why, var ignored) -> throw new Refusal(why);
    };
  }

  /** All of these that are open, in the order in which they came. */
  Settled replay(Query query) {
    int count = 0;
    List<Left> left = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String next = "";
    try {
      do {
        JsonNode some =
            call("POST", "/dead-letters/replay" + goingOn(query, REPLAYED_AT_ONCE, next));
        count += some.path("replayed").asInt();
        for (JsonNode one : some.path("left")) {
          left.add(new Left(one.path("id").asText(), one.path("reason").asText()));
        }
        next = some.path("next").asText("");
      } while (!next.isEmpty() && seen.add(next));
    } catch (Refusal refusal) {
      return new Settled(count, left, Optional.of(words(refusal)));
    }
    return new Settled(count, left, Optional.empty());
  }

  Settled drop(Query query) {
    int count = 0;
    try {
      JsonNode some;
      do {
        some = call("POST", "/dead-letters/drop" + query);
        count += some.path("dropped").asInt();
      } while (some.path("more").asBoolean() && some.path("dropped").asInt() > 0);
    } catch (Refusal refusal) {
      return new Settled(count, List.of(), Optional.of(words(refusal)));
    }
    return new Settled(count, List.of(), Optional.empty());
  }

  /** One after the other. */
  static Settled each(List<String> ids, Function<String, Optional<Left>> settle) {
    int count = 0;
    List<Left> left = new ArrayList<>();
    try {
      for (String id : ids) {
        Optional<Left> one = settle.apply(id);
        one.ifPresent(left::add);
        count += one.isEmpty() ? 1 : 0;
      }
    } catch (Refusal refusal) {
      return new Settled(count, left, Optional.of(words(refusal)));
    }
    return new Settled(count, left, Optional.empty());
  }

  private static String words(Refusal refusal) {
    return String.valueOf(refusal.getMessage());
  }

  private JsonNode call(String method, String path) {
    return Objects.requireNonNullElse(server.call(method, path, null), MissingNode.getInstance());
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, UTF_8);
  }
}
