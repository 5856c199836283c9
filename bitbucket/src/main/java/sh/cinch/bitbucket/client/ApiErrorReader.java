package sh.cinch.bitbucket.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.http.Reply;

/**
 * Reads whatever stands in the body of a refusal: the envelope, half of it, text, HTML, nothing.
 */
final class ApiErrorReader {
  private static final int LONGEST_MESSAGE = 500;

  private ApiErrorReader() {}

  static ApiError read(Reply.Received reply) {
    JsonNode error = ApiJson.lenient(reply.body()).path("error");
    JsonNode detail = error.path("detail");
    return new ApiError(
        message(error, reply),
        text(detail),
        fields(error.path("fields")),
        scopes(detail.path("granted")),
        scopes(detail.path("required")),
        TextCut.to(ApiError.LONGEST_RAW, reply.body()));
  }

  private static String message(JsonNode error, Reply.Received reply) {
    String own = error.isTextual() ? error.textValue() : error.path("message").asText("");
    if (!own.isBlank()) {
      return TextCut.to(LONGEST_MESSAGE, own);
    }
    String type = reply.contentType();
    boolean plain = type != null && type.startsWith("text/plain");
    return plain && !reply.body().isBlank()
        ? TextCut.to(LONGEST_MESSAGE, reply.body().strip())
        : "Bitbucket " + reply.summary() + " and gave no reason";
  }

  private static @Nullable String text(JsonNode detail) {
    if (detail.isMissingNode() || detail.isNull()) {
      return null;
    }
    return word(detail);
  }

  private static Map<String, List<String>> fields(JsonNode fields) {
    var found = new LinkedHashMap<String, List<String>>();
    for (Map.Entry<String, JsonNode> field : fields.properties()) {
      found.put(field.getKey(), texts(field.getValue()));
    }
    return found;
  }

  private static Set<String> scopes(JsonNode scopes) {
    return new TreeSet<>(texts(scopes));
  }

  private static List<String> texts(JsonNode oneOrMore) {
    if (!oneOrMore.isArray()) {
      return oneOrMore.isMissingNode() || oneOrMore.isNull() ? List.of() : List.of(word(oneOrMore));
    }
    var texts = new ArrayList<String>();
    oneOrMore.forEach(each -> texts.add(word(each)));
    return List.copyOf(texts);
  }

  private static String word(JsonNode node) {
    return TextCut.to(LONGEST_MESSAGE, node.isTextual() ? node.textValue() : node.toString());
  }
}
