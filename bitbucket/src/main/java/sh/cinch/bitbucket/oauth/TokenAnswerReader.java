package sh.cinch.bitbucket.oauth;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import sh.cinch.bitbucket.http.Reply;
import sh.cinch.bitbucket.oauth.TokenAnswer.Granted;
import sh.cinch.bitbucket.oauth.TokenAnswer.Throttled;
import sh.cinch.bitbucket.oauth.TokenAnswer.Unclear;

/** Decides what an answer of the token endpoint means, first by its status, then by its body. */
final class TokenAnswerReader {
  private static final JsonMapper MAPPER = new JsonMapper();

  private TokenAnswerReader() {}

  static TokenAnswer read(Reply reply) {
    return switch (reply) {
      case Reply.Lost(String what, boolean mayHaveHappened) -> new Unclear(what, mayHaveHappened);
      case Reply.Received received -> read(received);
    };
  }

  private static TokenAnswer read(Reply.Received received) {
    int status = received.status();
    if (status == 429) {
      return new Throttled(received.retryAfter());
    }
    return switch (status / 100) {
      case 2 -> granted(received);
      case 3 -> unclear(received, "", false);
      case 4 ->
          RefusalReader.read(json(received.body()))
              .orElseGet(() -> unclear(received, ", which is no refusal of a grant", true));
      default -> unclear(received, "", true);
    };
  }

  private static TokenAnswer granted(Reply.Received received) {
    return TokenPairReader.read(json(received.body()))
        .<TokenAnswer>map(Granted::new)
        .orElseGet(() -> unclear(received, " without an access token", true));
  }

  private static Unclear unclear(Reply.Received received, String why, boolean mayHaveHappened) {
    return new Unclear("the token endpoint " + received.summary() + why, mayHaveHappened);
  }

  private static JsonNode json(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
