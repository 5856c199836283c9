package sh.cinch.cli.deliveries;

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
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.cli.server.Answer;
import sh.cinch.cli.server.Query;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.Server;

/** What Cinch's API has about deliveries. */
public record DeliveryCalls(Server server) {

  private static final int PAGE = 200;
  private static final Pattern ID = Pattern.compile("[0-9a-fA-F-]{36}");

  /**
   * A part of the list.
   *
   * @param isAll whether there are no others
   */
  public record Listed(List<JsonNode> deliveries, boolean isAll) {}

  /** One that was not replayed. */
  record Left(String id, String reason) {}

  /**
   * The newest first, at most so many.
   *
   * @param repository its id or its full name
   */
  public Listed list(String repository, Query filter, int most) {
    Query query = Query.ALL.with("repository", repository);
    for (Map.Entry<String, String> one : filter.parameters().entrySet()) {
      query = query.with(one.getKey(), one.getValue());
    }
    List<JsonNode> deliveries = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    String next = "";
    // A cursor that comes again would lead in circles.
    while (deliveries.size() < most && seen.add(next)) {
      JsonNode page =
          call(
              "GET",
              "/deliveries"
                  + query
                      .with("limit", String.valueOf(Math.min(PAGE, most)))
                      .with("cursor", next.isEmpty() ? null : next),
              null);
      page.path("items").forEach(deliveries::add);
      next = page.path("next").asText("");
    }
    boolean isAll = deliveries.size() <= most && (next.isEmpty() || deliveries.isEmpty());
    return new Listed(deliveries.subList(0, Math.min(most, deliveries.size())), isAll);
  }

  JsonNode show(String id) {
    return call("GET", "/deliveries/" + encoded(id), null);
  }

  JsonNode body(String id) {
    return call("GET", "/deliveries/%s/body".formatted(encoded(id)), null);
  }

  /**
   * @param again whether its events are to be new ones
   * @return why it could not be; empty where it was
   * @throws Refusal where no other could be either
   */
  Optional<Left> replay(String id, boolean again) {
    return switch (server.ask(
        "POST",
        "/deliveries/%s/replay".formatted(encoded(id)),
        again ? Map.of("again", true) : null,
        Map.of())) {
      case Answer.Done done -> Optional.empty();
      case Answer.Refused(int status, String words, JsonNode problem) when status == 401 ->
          throw new Refusal(words);
      case Answer.Refused(int ignored, String words, JsonNode problem) ->
          Optional.of(new Left(id, words));
      case Answer.Away(String why, var ignored) -> throw new Refusal(why);
    };
  }

  JsonNode simulate(String repository) {
    return call(
        "POST", "/repositories/%s/webhook/simulate".formatted(encoded(id(repository))), null);
  }

  /** Of a repository that is named by it, or by its full name. */
  private String id(String repository) {
    if (ID.matcher(repository).matches()) {
      return repository;
    }
    JsonNode found =
        call("GET", "/repositories" + Query.ALL.with("fullName", repository), null).path("items");
    if (found.isEmpty()) {
      throw new Refusal(
          "There is no repository %s for you: cinch repo list prints those there are."
              .formatted(DeliveryText.shown(repository)));
    }
    return found.path(0).path("id").asText();
  }

  private JsonNode call(String method, String path, @Nullable Object body) {
    return Objects.requireNonNullElse(server.call(method, path, body), MissingNode.getInstance());
  }

  private static String encoded(String id) {
    return URLEncoder.encode(id, UTF_8);
  }
}
