package sh.cinch.schema.event;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Events to JSON and back: unknown fields are ignored, everything else is checked. */
public final class EventJson {

  /** Reads a value of one type as no other, but where the schema names two. */
  private static final ObjectMapper MAPPER =
      lenient()
          .addModule(new ExactValues())
          .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
          .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
          .withCoercionConfig(
              LogicalType.Textual,
              texts ->
                  texts
                      .setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                      .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
          .build();

  /** For what was taken while times were taken as numbers, and texts in other types' places. */
  private static final ObjectMapper KEPT = lenient().build();

  private static final int LONGEST_QUOTE = 40;

  private EventJson() {}

  private static JsonMapper.Builder lenient() {
    return JsonMapper.builder()
        .addModule(new JavaTimeModule())
        .addModule(new ExactWords())
        .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
        // Four bytes of UTF-8 instead of twelve: Kafka takes no record of more than a mebibyte.
        .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
        .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
        .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
  }

  /** What came of reading bytes that should be an event. */
  public sealed interface Reading<T> {
    record Good<T>(T event) implements Reading<T> {}

    /**
     * @param reason names the field and what it should be; holds no more of the record than the one
     *     wrong word
     */
    record Bad<T>(String reason) implements Reading<T> {}
  }

  public static byte[] write(Object event) {
    try {
      return MAPPER.writeValueAsBytes(event);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static <T> Reading<T> read(byte @Nullable [] value, Class<T> type) {
    return read(value, type, MAPPER);
  }

  private static <T> Reading<T> read(byte @Nullable [] value, Class<T> type, ObjectMapper mapper) {
    if (value == null || value.length == 0) {
      return new Reading.Bad<>("the record is empty");
    }
    try {
      T event = mapper.readValue(value, type);
      return event == null ? new Reading.Bad<>("not a JSON object") : new Reading.Good<>(event);
    } catch (JacksonException e) {
      return new Reading.Bad<>(explain(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads a build state that was taken when texts for people had no such limits, a state might have
   * blanks around it, and a time might be a number: all is cut and mended to what is taken today.
   */
  public static Reading<BuildState> readKept(byte[] value) {
    Reading<BuildState> reading = read(value, BuildState.class);
    if (reading instanceof Reading.Good<BuildState>) {
      return reading;
    }
    try {
      return MAPPER.readTree(value) instanceof ObjectNode build
          ? read(write(mended(build)), BuildState.class, KEPT)
          : reading;
    } catch (IOException e) {
      return reading;
    }
  }

  private static ObjectNode mended(ObjectNode build) {
    if (build.path("state").isTextual()) {
      build.put("state", build.get("state").textValue().trim());
    }
    build.put("name", Field.optionalShown(build.path("name").textValue(), Limits.TITLE));
    build.put(
        "description", Field.optionalParagraph(build.path("description").textValue(), Limits.TEXT));
    return build.put("url", Field.optionalId(build.path("url").textValue(), Limits.ADDRESS));
  }

  private static String explain(JacksonException e) {
    return switch (e) {
      case ValueInstantiationException bad -> innermost(bad);
      case InvalidFormatException bad ->
          "field '%s' is '%s': %s"
              .formatted(path(bad), quote(bad.getValue()), wanted(bad.getTargetType()));
      case MismatchedInputException bad when bad.getPath().isEmpty() -> "not a JSON object";
      case MismatchedInputException bad ->
          "field '%s' has the wrong type: %s".formatted(path(bad), wanted(bad.getTargetType()));
      case JsonEOFException bad -> "not JSON: it ends too early";
      case JsonParseException bad -> "not JSON, at byte " + bad.getLocation().getByteOffset();
      default -> "not an event of this topic";
    };
  }

  private static String innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return cause instanceof IllegalArgumentException && cause.getMessage() != null
        ? cause.getMessage()
        : "not an event of this topic";
  }

  private static String path(JsonMappingException e) {
    return e.getPath().stream()
        .map(
            step ->
                step.getFieldName() == null ? String.valueOf(step.getIndex()) : step.getFieldName())
        .collect(Collectors.joining("."));
  }

  private static String quote(@Nullable Object value) {
    String text = String.valueOf(value);
    return text.codePointCount(0, text.length()) <= LONGEST_QUOTE
        ? text
        : text.substring(0, text.offsetByCodePoints(0, LONGEST_QUOTE)) + "…";
  }

  private static String wanted(@Nullable Class<?> type) {
    if (type == null) {
      return "not what this field takes";
    }
    if (type.isEnum()) {
      return "one of "
          + Arrays.stream(type.getEnumConstants())
              .map(constant -> MAPPER.convertValue(constant, String.class))
              .collect(Collectors.joining(", "))
          + " is expected";
    }
    return switch (type.getSimpleName()) {
      case "Instant" -> "a time such as 2026-11-23T15:00:00Z is expected";
      case "UUID" -> "an id as Cinch gives them is expected";
      case "Long", "Integer", "long", "int" -> "a whole number is expected";
      case "Boolean", "boolean" -> "true or false is expected";
      case "String" -> "a text is expected";
      case "List", "ArrayList" -> "a list is expected";
      default -> "an object is expected";
    };
  }
}
