package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;

/** A JSON object read strictly: a misspelt field is an error, not a silence. */
final class Fields {
  static final int LONGEST_SECONDS = 365 * 24 * 3600;

  private final ObjectNode body;

  private Fields(ObjectNode body, Set<String> known) {
    this.body = body;
    body.fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new BadInput(
                    "unknown field %s; known are %s"
                        .formatted(name, String.join(", ", sorted(known))));
              }
            });
  }

  /** The body of a call; nothing at all is an object without fields. */
  static Fields of(Call call, String... known) {
    if (call.body().length() == 0) {
      return new Fields(Json.object(), Set.of(known));
    }
    return new Fields(
        call.json().orElseThrow(() -> new BadInput("the body is not a JSON object")),
        Set.of(known));
  }

  Optional<String> text(String name) {
    return value(name).map(node -> text(name, node));
  }

  /** Text, for which {@code true} is another way to say something. */
  Optional<String> textOrTrue(String name, String meaning) {
    return value(name)
        .map(node -> node.isBoolean() && node.asBoolean() ? meaning : text(name, node));
  }

  /** One of few words, each a constant's as JSON has it, in small letters. */
  <E extends Enum<E>> Optional<E> word(String name, Class<E> of) {
    return text(name).map(word -> word(name, word, of));
  }

  static <E extends Enum<E>> E word(String name, String word, Class<E> of) {
    List<E> constants = List.of(of.getEnumConstants());
    List<String> words = constants.stream().map(Fields::word).toList();
    int found = words.indexOf(word);
    if (found < 0) {
      int last = words.size() - 1;
      throw new BadInput(
          "%s is %s or %s, not %s"
              .formatted(name, String.join(", ", words.subList(0, last)), words.get(last), word));
    }
    return constants.get(found);
  }

  private static String word(Enum<?> constant) {
    return Json.word(constant).toLowerCase(Locale.ROOT);
  }

  boolean has(String name) {
    return value(name).isPresent();
  }

  String requiredText(String name) {
    return text(name).orElseThrow(() -> new BadInput(name + " is missing"));
  }

  boolean flag(String name, boolean otherwise) {
    return value(name)
        .map(
            node -> {
              if (!node.isBoolean()) {
                throw new BadInput(name + " must be true or false");
              }
              return node.asBoolean();
            })
        .orElse(otherwise);
  }

  Optional<Integer> number(String name, int least, int most) {
    return value(name)
        .map(
            node -> {
              if (!node.isIntegralNumber() || node.asLong() < least || node.asLong() > most) {
                throw new BadInput(
                    "%s must be a whole number from %d to %d".formatted(name, least, most));
              }
              return node.asInt();
            });
  }

  /** A number of bytes. */
  Optional<Long> size(String name) {
    return value(name)
        .map(
            node -> {
              if (!node.isIntegralNumber() || !node.canConvertToLong() || node.asLong() < 0) {
                throw new BadInput(name + " must be a whole number of bytes, or 0");
              }
              return node.asLong();
            });
  }

  /** When what is made now comes to its end, if it does. */
  Optional<Instant> end(String name, Instant now) {
    return number(name, 1, LONGEST_SECONDS).map(now::plusSeconds);
  }

  List<String> texts(String name) {
    var texts = new ArrayList<String>();
    elements(name).forEach(node -> texts.add(text(name, node)));
    return texts;
  }

  List<Fields> objects(String name, String... known) {
    var objects = new ArrayList<Fields>();
    for (JsonNode node : elements(name)) {
      if (!(node instanceof ObjectNode object)) {
        throw new BadInput(name + " must be a list of objects");
      }
      objects.add(new Fields(object, Set.of(known)));
    }
    return objects;
  }

  /** An object whose names are free and whose values are text. */
  Map<String, String> textByName(String name) {
    var texts = new HashMap<String, String>();
    value(name)
        .ifPresent(
            node -> {
              if (!node.isObject()) {
                throw new BadInput(name + " must be an object");
              }
              node.properties()
                  .forEach(entry -> texts.put(entry.getKey(), text(name, entry.getValue())));
            });
    return texts;
  }

  private Iterable<JsonNode> elements(String name) {
    JsonNode list = value(name).orElseThrow(() -> new BadInput(name + " is missing"));
    if (!list.isArray()) {
      throw new BadInput(name + " must be a list");
    }
    return list;
  }

  private Optional<JsonNode> value(String name) {
    return Optional.ofNullable(body.get(name)).filter(node -> !node.isNull());
  }

  private static String text(String name, JsonNode node) {
    if (!node.isTextual()) {
      throw new BadInput(name + " must be text");
    }
    return node.asText();
  }

  private static List<String> sorted(Collection<String> names) {
    return names.stream().sorted().toList();
  }
}
