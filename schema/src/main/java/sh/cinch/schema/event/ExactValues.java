package sh.cinch.schema.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Takes times and ids in the one form that the schemas name; Jackson takes others as well. */
final class ExactValues extends SimpleModule {

  private static final long serialVersionUID = 1;

  ExactValues() {
    addDeserializer(Instant.class, new Time());
    addDeserializer(UUID.class, new Id());
  }

  /** A number might be seconds or milliseconds, and a time without its offset anybody's. */
  private static final class Time extends StdDeserializer<Instant> {

    private static final long serialVersionUID = 1;
    private static final Pattern FORM =
        Pattern.compile(
            "[+-]?[0-9]{4,9}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
                + "(\\.[0-9]{1,9})?([Zz]|[+-](0[0-9]|1[0-4]):[0-5][0-9])");

    Time() {
      super(Instant.class);
    }

    @Override
    public @Nullable Instant deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (Instant) context.handleUnexpectedToken(Instant.class, json);
      }
      String text = json.getText();
      try {
        if (FORM.matcher(text).matches()) {
          return OffsetDateTime.parse(text).toInstant();
        }
      } catch (DateTimeException e) {
        // said below: no such day
      }
      return (Instant) context.handleWeirdStringValue(Instant.class, text, "no time");
    }
  }

  private static final class Id extends StdDeserializer<UUID> {

    private static final long serialVersionUID = 1;
    private static final Pattern FORM =
        Pattern.compile("[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}");

    Id() {
      super(UUID.class);
    }

    @Override
    public @Nullable UUID deserialize(JsonParser json, DeserializationContext context)
        throws IOException {
      if (!json.hasToken(JsonToken.VALUE_STRING)) {
        return (UUID) context.handleUnexpectedToken(UUID.class, json);
      }
      String text = json.getText();
      return FORM.matcher(text).matches()
          ? UUID.fromString(text)
          : (UUID) context.handleWeirdStringValue(UUID.class, text, "no id");
    }
  }
}
