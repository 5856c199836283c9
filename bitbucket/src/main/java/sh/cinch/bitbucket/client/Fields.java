package sh.cinch.bitbucket.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The fields of one object in an answer.
 *
 * @param path where the object stands in the answer, for errors; empty for the whole
 */
record Fields(JsonNode node, String path) {

  /** Reads one value out of an object. */
  @FunctionalInterface
  interface Reading<T> {
    T from(Fields fields) throws AnswerShapeException;
  }

  static Fields of(String body) throws AnswerShapeException {
    return object(ApiJson.lenient(body), "");
  }

  /** An entry of a list. */
  static Fields of(JsonNode entry) throws AnswerShapeException {
    return object(entry, "");
  }

  Fields object(String name) throws AnswerShapeException {
    return object(node.path(name), at(name));
  }

  String text(String name) throws AnswerShapeException {
    return optionalText(name)
        .orElseThrow(() -> new AnswerShapeException(at(name) + " is missing or not a string"));
  }

  Optional<String> optionalText(String name) {
    return Optional.ofNullable(node.path(name).textValue());
  }

  /** Empty where it is absent or null; anything else but text is none. */
  Optional<String> nullableText(String name) throws AnswerShapeException {
    return node.hasNonNull(name) ? Optional.of(text(name)) : Optional.empty();
  }

  boolean flag(String name, boolean otherwise) {
    return node.path(name).asBoolean(otherwise);
  }

  /** Empty where it is neither true nor false. */
  Optional<Boolean> optionalFlag(String name) {
    JsonNode flag = node.path(name);
    return flag.isBoolean() ? Optional.of(flag.booleanValue()) : Optional.empty();
  }

  OptionalLong optionalNumber(String name) {
    JsonNode number = node.path(name);
    return number.canConvertToLong() && number.isIntegralNumber()
        ? OptionalLong.of(number.asLong())
        : OptionalLong.empty();
  }

  Optional<Instant> optionalInstant(String name) {
    try {
      return optionalText(name).map(text -> OffsetDateTime.parse(text).toInstant());
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  List<String> texts(String name) {
    var texts = new ArrayList<String>();
    node.path(name).forEach(each -> texts.add(each.asText()));
    return List.copyOf(texts);
  }

  /** Empty where there is no such list. */
  Optional<List<String>> optionalTexts(String name) {
    return node.path(name).isArray() ? Optional.of(texts(name)) : Optional.empty();
  }

  JsonNode array(String name) throws AnswerShapeException {
    if (!node.path(name).isArray()) {
      throw new AnswerShapeException(at(name) + " is missing or not an array");
    }
    return node.path(name);
  }

  private String at(String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  private static Fields object(JsonNode node, String path) throws AnswerShapeException {
    if (!node.isObject()) {
      throw new AnswerShapeException(
          path.isEmpty() ? "the body is not a JSON object" : path + " is not an object");
    }
    return new Fields(node, path);
  }
}
