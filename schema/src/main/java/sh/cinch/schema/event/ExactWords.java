package sh.cinch.schema.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.BeanDescription;
import com.fasterxml.jackson.databind.DeserializationConfig;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.deser.BeanDeserializerModifier;
import com.fasterxml.jackson.databind.deser.std.DelegatingDeserializer;
import com.fasterxml.jackson.databind.module.SimpleModule;
import java.io.IOException;

/** Takes the words of a closed set only as the schemas have them; Jackson takes blanks around. */
final class ExactWords extends SimpleModule {

  private static final long serialVersionUID = 1;

  ExactWords() {
    setDeserializerModifier(
        new BeanDeserializerModifier() {
          private static final long serialVersionUID = 1;

          @Override
          public JsonDeserializer<?> modifyEnumDeserializer(
              DeserializationConfig config,
              JavaType type,
              BeanDescription description,
              JsonDeserializer<?> deserializer) {
            return new ExactWord(deserializer);
          }
        });
  }

  private static final class ExactWord extends DelegatingDeserializer {

    private static final long serialVersionUID = 1;

    ExactWord(JsonDeserializer<?> words) {
      super(words);
    }

    @Override
    protected JsonDeserializer<?> newDelegatingInstance(JsonDeserializer<?> words) {
      return new ExactWord(words);
    }

    @Override
    public Object deserialize(JsonParser json, DeserializationContext context) throws IOException {
      if (json.hasToken(JsonToken.VALUE_STRING)) {
        String word = json.getText();
        if (!word.equals(word.trim())) {
          return context.handleWeirdStringValue(handledType(), word, "blanks around it");
        }
      }
      return super.deserialize(json, context);
    }
  }
}
