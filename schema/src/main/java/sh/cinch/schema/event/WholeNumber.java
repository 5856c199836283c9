package sh.cinch.schema.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole number, or its digits as a text: a shell script quotes what it fills in. An empty
 * text is none.
 */
final class WholeNumber extends StdDeserializer<Long> {

  private static final long serialVersionUID = 1;
  private static final Pattern DIGITS = Pattern.compile("-?[0-9]{1,18}");

  WholeNumber() {
    super(Long.class);
  }

  @Override
  public @Nullable Long deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    return switch (json.currentToken()) {
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> whole(json, context);
      case VALUE_STRING -> digits(json.getText(), context);
      default -> (Long) context.handleUnexpectedToken(Long.class, json);
    };
  }

  private static @Nullable Long digits(String text, DeserializationContext context)
      throws IOException {
    if (text.isEmpty()) {
      return null;
    }
    return DIGITS.matcher(text).matches()
        ? Long.valueOf(text)
        : (Long) context.handleWeirdStringValue(Long.class, text, "no whole number");
  }

  /** JSON has one kind of number: {@code 2.0} is whole. */
  static @Nullable Long whole(JsonParser json, DeserializationContext context) throws IOException {
    BigDecimal number = json.getDecimalValue();
    try {
      return number.longValueExact();
    } catch (ArithmeticException e) {
      return (Long) context.handleWeirdNumberValue(Long.class, number, "no whole number");
    }
  }
}
