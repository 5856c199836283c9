package sh.cinch.ingress.git;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;
import java.util.Optional;

/**
 * What git asks, as far as it is passed on.
 *
 * @param headers that the forge is to know; none of them says who asks
 */
record Question(Kind kind, Map<String, String> headers, Optional<Buffer> body) {

  /** The two requests of a fetch. */
  enum Kind {
    REFS("/info/refs?service=git-upload-pack", "application/x-git-upload-pack-advertisement"),
    PACK("/git-upload-pack", "application/x-git-upload-pack-result");

    private final String path;
    private final String answerType;

    Kind(String path, String answerType) {
      this.path = path;
      this.answerType = answerType;
    }

    HttpMethod method() {
      return this == REFS ? HttpMethod.GET : HttpMethod.POST;
    }

    /** After the repository's own address. */
    String path() {
      return path;
    }

    /** The media type of an answer that is one. */
    String answerType() {
      return answerType;
    }
  }
}
