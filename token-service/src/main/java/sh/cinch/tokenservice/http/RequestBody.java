package sh.cinch.tokenservice.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/** A JSON object in a request. What is wrong with it is said by field and never by value. */
final class RequestBody {

  private final JsonObject fields;

  private RequestBody(JsonObject fields) {
    this.fields = fields;
  }

  static RequestBody of(RoutingContext context) {
    Buffer buffer = context.body().buffer();
    if (buffer == null || buffer.length() == 0) {
      return new RequestBody(new JsonObject());
    }
    try {
      return new RequestBody(new JsonObject(buffer));
    } catch (DecodeException | ClassCastException e) {
      throw malformed("the body is not a JSON object");
    }
  }

  String text(String name) {
    return optionalText(name).orElseThrow(() -> malformed("field '" + name + "' is missing"));
  }

  Optional<String> optionalText(String name) {
    Object value = fields.getValue(name);
    if (value != null && !(value instanceof String)) {
      throw malformed("field '" + name + "' is not a text");
    }
    return Optional.ofNullable((String) value).map(String::strip).filter(text -> !text.isEmpty());
  }

  Secret secret(String name) {
    return Secret.of(text(name));
  }

  Optional<Instant> optionalTime(String name) {
    try {
      return optionalText(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      throw malformed("field '" + name + "' is not a time like 2027-01-31T00:00:00Z");
    }
  }

  Optional<Long> optionalWholeNumber(String name) {
    Object value = fields.getValue(name);
    if (value != null && !(value instanceof Integer) && !(value instanceof Long)) {
      throw malformed("field '" + name + "' is not a whole number");
    }
    return Optional.ofNullable((Number) value).map(Number::longValue);
  }

  static Problem malformed(String what) {
    return new Problem(400, "Malformed request", what);
  }
}
