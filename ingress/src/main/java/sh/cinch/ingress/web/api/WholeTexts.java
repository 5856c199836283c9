package sh.cinch.ingress.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sh.cinch.service.http.Problem;

/**
 * Refuses what no text of a request may have, whatever becomes of it: control characters but tabs
 * and line breaks, and halves of characters. What else a text may be, its own place says.
 */
final class WholeTexts {

  private WholeTexts() {}

  /**
   * @throws Problem 400 naming the parameter or field
   */
  static void check(ApiCall call) {
    call.context().pathParams().forEach(WholeTexts::check);
    call.context()
        .queryParams()
        .forEach(parameter -> check(parameter.getKey(), parameter.getValue()));
    if (call.hasBody()) {
      check("", call.body());
    }
  }

  private static void check(String name, @Nullable Object value) {
    switch (value) {
      case String text -> {
        if (text.codePoints().anyMatch(WholeTexts::isNoCharacter)) {
          throw new Problem(
              400,
              "Malformed request",
              "'%s' contains a character that no text can have: a control character, or half of one."
                  .formatted(name));
        }
      }
      case JsonObject object -> {
        for (Map.Entry<String, Object> field : object) {
          check(name.isEmpty() ? field.getKey() : name + "." + field.getKey(), field.getValue());
        }
      }
      case JsonArray array -> array.forEach(item -> check(name, item));
      case null, default -> {} // has no characters
    }
  }

  private static boolean isNoCharacter(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL -> c != '\t' && c != '\n' && c != '\r';
      case Character.SURROGATE -> true;
      default -> false;
    };
  }
}
