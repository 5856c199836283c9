package sh.cinch.simulator.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import sh.cinch.simulator.world.Status;

/** A build status as a caller wants it, held to Bitbucket's limits. */
sealed interface StatusBody {
  int LONGEST_KEY = 40;
  int LONGEST_NAME = 255;

  record Valid(
      String key,
      Status.State state,
      String name,
      String description,
      String url,
      Optional<String> refname)
      implements StatusBody {}

  record Invalid(Map<String, List<String>> problems) implements StatusBody {}

  static StatusBody read(Optional<ObjectNode> body) {
    if (body.isEmpty()) {
      return notJson();
    }
    var problems = new LinkedHashMap<String, List<String>>();
    for (String field : List.of("key", "state", "url")) {
      if (text(body.get(), field).isEmpty()) {
        problems.put(field, List.of("This field is required."));
      }
    }
    return check(body.get(), problems);
  }

  /** The key cannot change; of the rest, what is left out stays. */
  static StatusBody update(Status old, Optional<ObjectNode> body) {
    if (body.isEmpty()) {
      return notJson();
    }
    ObjectNode merged = body.get().deepCopy().put("key", old.key());
    Map.of(
            "state", old.state().name(),
            "name", old.name(),
            "description", old.description(),
            "url", old.url())
        .forEach((field, value) -> keep(merged, field, value));
    old.refname().ifPresent(refname -> keep(merged, "refname", refname));
    return check(merged, new LinkedHashMap<>());
  }

  private static void keep(ObjectNode body, String field, String value) {
    if (!body.has(field)) {
      body.put(field, value);
    }
  }

  private static StatusBody notJson() {
    return new Invalid(Map.of("body", List.of("Expected a JSON object.")));
  }

  private static StatusBody check(ObjectNode body, Map<String, List<String>> problems) {
    String key = text(body, "key").orElse("");
    String name = text(body, "name").orElse(key);
    String url = text(body, "url").orElse("");
    String state = text(body, "state").orElse("");
    checkLength("key", key, LONGEST_KEY, problems);
    checkLength("name", name, LONGEST_NAME, problems);
    checkLength("url", url, StatusUrl.LONGEST, problems);
    if (!StatusUrl.isValid(url)) {
      problems.putIfAbsent("url", List.of("Enter a valid URL."));
    }
    Optional<Status.State> known =
        Arrays.stream(Status.State.values()).filter(one -> one.name().equals(state)).findFirst();
    if (known.isEmpty()) {
      problems.putIfAbsent(
          "state",
          List.of(
              "Select a valid choice. %s is not one of the available choices.".formatted(state)));
    }
    if (!problems.isEmpty()) {
      return new Invalid(problems);
    }
    return new Valid(
        key,
        known.orElseThrow(),
        name,
        text(body, "description").orElse(""),
        url,
        text(body, "refname"));
  }

  private static void checkLength(
      String field, String value, int longest, Map<String, List<String>> problems) {
    int length = value.codePointCount(0, value.length());
    if (length > longest) {
      problems.put(
          field,
          List.of(
              "Ensure this value has at most %d characters (it has %d)."
                  .formatted(longest, length)));
    }
  }

  private static Optional<String> text(ObjectNode body, String field) {
    return Optional.of(body.path(field))
        .filter(node -> node.isTextual() && !node.asText().isEmpty())
        .map(node -> node.asText());
  }
}
