package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import sh.cinch.cli.server.Refusal;

/** A part of Cinch's answer; what must be there and is not ends the command with its name. */
record Field(JsonNode json) {

  Field at(String name) {
    return new Field(json.path(name));
  }

  boolean has(String name) {
    return json.hasNonNull(name);
  }

  String text(String name) {
    return maybe(name)
        .orElseThrow(
            () ->
                new Refusal(
                    "Cinch's answer has no '%s': is this cinch of another version than the server?"
                        .formatted(name)));
  }

  Optional<String> maybe(String name) {
    return Optional.of(json.path(name).asText("")).filter(text -> !text.isEmpty());
  }

  Optional<Long> number(String name) {
    return json.path(name).isNumber() ? Optional.of(json.path(name).asLong()) : Optional.empty();
  }

  List<Field> list(String name) {
    return StreamSupport.stream(json.path(name).spliterator(), false).map(Field::new).toList();
  }

  List<String> texts(String name) {
    return list(name).stream().map(one -> one.json().asText()).toList();
  }
}
