package sh.cinch.ingress.web.api;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_ABSENT;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.Optional;

/**
 * What is answered.
 *
 * @param body a record that is written as JSON; empty for none
 */
record ApiReply(int status, Optional<Object> body) {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .addModule(new Jdk8Module())
          .defaultPropertyInclusion(JsonInclude.Value.construct(NON_ABSENT, NON_ABSENT))
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // Four bytes of UTF-8 instead of twelve, as in the rows that a page is measured by.
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          .build();

  static ApiReply ok(Object body) {
    return new ApiReply(200, Optional.of(body));
  }

  static ApiReply of(int status, Object body) {
    return new ApiReply(status, Optional.of(body));
  }

  /** Begun, and nothing to show of it yet. */
  static ApiReply accepted() {
    return new ApiReply(202, Optional.empty());
  }

  static ApiReply nothing() {
    return new ApiReply(204, Optional.empty());
  }

  /** Somebody else's bytes: to be saved, and by no browser shown. */
  @SuppressWarnings("ArrayRecordComponent") // passed on, never compared
  record Attachment(String name, byte[] bytes) {}

  static ApiReply attachment(String name, byte[] bytes) {
    return ok(new Attachment(name, bytes));
  }

  void send(HttpServerResponse response) {
    response.setStatusCode(status).putHeader("cache-control", "no-store");
    if (body.isPresent() && body.get() instanceof Attachment(String name, byte[] bytes)) {
      response
          .putHeader("content-type", "application/json")
          .putHeader("content-disposition", "attachment; filename=\"%s\"".formatted(name))
          .putHeader("x-content-type-options", "nosniff")
          .end(Buffer.buffer(bytes));
      return;
    }
    body.ifPresentOrElse(
        value -> response.putHeader("content-type", "application/json").end(json(value)),
        response::end);
  }

  private static Buffer json(Object value) {
    try {
      return Buffer.buffer(JSON.writeValueAsBytes(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
