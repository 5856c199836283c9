package sh.cinch.service.token;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.ToStringSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.secret.Secret;

/**
 * The records of this package as JSON; the one place where secrets are. Texts are stripped, and
 * empty ones are as good as none. What is wrong is said by field and never by value.
 */
public final class TokenJson {

  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(
              new SimpleModule()
                  .addSerializer(Secret.class, new SecretWriter())
                  .addSerializer(Instant.class, ToStringSerializer.instance)
                  .addDeserializer(Long.class, new WholeNumber())
                  .addDeserializer(String.class, new Text<>("a text", text -> text))
                  .addDeserializer(Secret.class, new Text<>("a text", Secret::of))
                  .addDeserializer(URI.class, new Text<>("an absolute address", URI::create))
                  .addDeserializer(
                      UUID.class, new Text<>("an id as leases have them", UUID::fromString))
                  .addDeserializer(
                      Instant.class,
                      new Text<>("a time like 2027-01-31T00:00:00Z", Instant::parse)))
          .addHandler(new UnknownKind())
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private TokenJson() {}

  public static Buffer write(Object value) {
    try {
      return Buffer.buffer(MAPPER.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("cannot write a " + value.getClass().getSimpleName());
    }
  }

  /**
   * @param body absent or empty: an object without fields
   * @throws IllegalArgumentException naming the field that is wrong, and never its value
   */
  public static <T> T read(@Nullable Buffer body, Class<T> type) {
    try {
      T value =
          MAPPER.readValue(
              body == null || body.length() == 0 ? new byte[] {'{', '}'} : body.getBytes(), type);
      if (value != null) {
        return value;
      }
    } catch (JacksonException e) {
      throw new IllegalArgumentException(explain(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    throw new IllegalArgumentException(NO_OBJECT);
  }

  static <T> T required(@Nullable T value, String field) {
    if (value == null) {
      throw new IllegalArgumentException("field '%s' is missing".formatted(field));
    }
    return value;
  }

  private static final String NO_OBJECT = "the body is not a JSON object";

  private static String explain(JacksonException e) {
    return switch (e) {
      case Wrong wrong ->
          "field '%s' is %s"
              .formatted(wrong.getPath().getLast().getFieldName(), wrong.getOriginalMessage());
      // Thrown by the constructors of our records.
      case ValueInstantiationException bad
          when bad.getCause() instanceof IllegalArgumentException ->
          String.valueOf(bad.getCause().getMessage());
      default -> NO_OBJECT;
    };
  }

  /** Says what was expected, without what was there. */
  private static final class Wrong extends JsonMappingException {
    private static final long serialVersionUID = 1;

    Wrong(JsonParser at, String what) {
      super(at, what);
    }
  }

  private static final class UnknownKind extends DeserializationProblemHandler {
    @Override
    public JavaType handleUnknownTypeId(
        DeserializationContext context,
        JavaType base,
        String id,
        TypeIdResolver kinds,
        String unused)
        throws IOException {
      boolean isText = context.getParser().hasToken(JsonToken.VALUE_STRING);
      throw kind(context, base, isText ? "neither oauth nor token" : "not a text");
    }

    @Override
    public JavaType handleMissingTypeId(
        DeserializationContext context, JavaType base, TypeIdResolver kinds, String unused)
        throws IOException {
      throw kind(context, base, "missing");
    }

    private static Wrong kind(DeserializationContext context, JavaType base, String what) {
      Wrong wrong = new Wrong(context.getParser(), what);
      wrong.prependPath(base.getRawClass(), "kind");
      return wrong;
    }
  }

  private static final class Text<T> extends JsonDeserializer<T> {
    private final String expected;
    private final Function<String, T> parse;

    Text(String expected, Function<String, T> parse) {
      this.expected = expected;
      this.parse = parse;
    }

    @Override
    public @Nullable T deserialize(JsonParser at, DeserializationContext context)
        throws IOException {
      if (!at.hasToken(JsonToken.VALUE_STRING)) {
        throw new Wrong(at, "not a text");
      }
      String text = at.getText().strip();
      try {
        return text.isEmpty() ? null : parse.apply(text);
      } catch (RuntimeException e) {
        throw new Wrong(at, "not " + expected);
      }
    }
  }

  private static final class WholeNumber extends JsonDeserializer<Long> {
    @Override
    public Long deserialize(JsonParser at, DeserializationContext context) throws IOException {
      if (!at.hasToken(JsonToken.VALUE_NUMBER_INT)
          || at.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw new Wrong(at, "not a whole number");
      }
      return at.getLongValue();
    }
  }

  private static final class SecretWriter extends JsonSerializer<Secret> {
    @Override
    public void serialize(Secret secret, JsonGenerator to, SerializerProvider unused)
        throws IOException {
      to.writeString(secret.reveal());
    }
  }
}
