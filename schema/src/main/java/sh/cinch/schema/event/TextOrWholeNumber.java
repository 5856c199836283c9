package sh.cinch.schema.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads a text that most senders have as a whole number: such a number is its digits. */
final class TextOrWholeNumber extends StdDeserializer<String> {

  private static final long serialVersionUID = 1;

  TextOrWholeNumber() {
    super(String.class);
  }

  @Override
  public @Nullable String deserialize(JsonParser json, DeserializationContext context)
      throws IOException {
    return switch (json.currentToken()) {
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> {
        Long whole = WholeNumber.whole(json, context);
        yield whole == null ? null : whole.toString();
      }
      default -> (String) context.handleUnexpectedToken(String.class, json);
    };
  }
}
