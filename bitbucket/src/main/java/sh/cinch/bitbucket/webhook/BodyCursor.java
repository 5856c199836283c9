package sh.cinch.bitbucket.webhook;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.WellFormed;

/**
 * Steps once through a body. What nobody asks for is skipped without a string being made of it, so
 * the bulky parts of a push cost little more than their bytes.
 */
final class BodyCursor implements AutoCloseable {
  private static final int DEEPEST = 64;
  private static final int LONGEST_TEXT = 1024 * 1024;

  /** Longer than any ref or name Bitbucket has; a longer one could not be published. */
  private static final int LONGEST_NAME = 1024;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(DEEPEST)
                  .maxStringLength(LONGEST_TEXT)
                  .build())
          // One body may have 70,000 names, each kept for ever then.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final Utf8Body body;
  private final JsonParser json;

  private BodyCursor(Utf8Body body) throws IOException {
    this.body = body;
    this.json = JSON.createParser(body.bytes());
  }

  /** Stands inside the root object. */
  static BodyCursor open(byte[] body) throws IOException, OtherShapeException {
    var text = Utf8Body.of(body);
    byte[] bytes = text.bytes();
    if (bytes.length > 1 && (bytes[0] == 0 || bytes[1] == 0 || bytes[0] < 0)) {
      // The parser would guess UTF-16 or UTF-32 here, or pass over a second byte order mark.
      throw new IOException("not UTF-8");
    }
    var cursor = new BodyCursor(text);
    JsonToken first = cursor.json.nextToken();
    if (first == null) {
      throw new IOException("the body is empty");
    }
    if (first != JsonToken.START_OBJECT) {
      throw new OtherShapeException("the body is not an object");
    }
    return cursor;
  }

  /** The next field's name; null at the end of the object. Each field is then read or skipped. */
  @Nullable String nextField() throws IOException {
    return json.nextFieldName();
  }

  /** False where the field is null. */
  boolean enterObject(String field) throws IOException, OtherShapeException {
    return enter(JsonToken.START_OBJECT, field, "an object");
  }

  void enterArray(String field) throws IOException, OtherShapeException {
    if (!enter(JsonToken.START_ARRAY, field, "an array")) {
      throw new OtherShapeException(field + " is null");
    }
  }

  private boolean enter(JsonToken start, String field, String expected)
      throws IOException, OtherShapeException {
    JsonToken token = json.nextToken();
    if (token == JsonToken.VALUE_NULL) {
      return false;
    }
    if (token != start) {
      throw new OtherShapeException(field + " is not " + expected);
    }
    return true;
  }

  /** Whether another element follows in the array; it is then entered or skipped. */
  boolean nextElement() throws IOException {
    return json.nextToken() != JsonToken.END_ARRAY;
  }

  void enterElement(String element) throws OtherShapeException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new OtherShapeException(element + " is not an object");
    }
  }

  /** How many objects and arrays it stands in. */
  int depth() {
    return json.getParsingContext().getNestingDepth();
  }

  /** Skips the rest of whatever is deeper than this, however much of it was read. */
  void leaveTo(int depth) throws IOException {
    while (depth() > depth) {
      json.nextToken();
    }
  }

  /** Enters an optional object; anything else is skipped, and false. */
  boolean enterObjectIfAny() throws IOException {
    if (json.nextToken() == JsonToken.START_OBJECT) {
      return true;
    }
    json.skipChildren();
    return false;
  }

  /** A text that must be there. */
  String name(String field) throws IOException, OtherShapeException {
    if (json.nextToken() != JsonToken.VALUE_STRING) {
      throw new OtherShapeException(field + " is not a string");
    }
    String text = json.getText();
    if (text.isEmpty()) {
      throw new OtherShapeException(field + " is empty");
    }
    if (text.length() > LONGEST_NAME) {
      throw new OtherShapeException(field + " is longer than " + LONGEST_NAME + " characters");
    }
    if (!text.equals(WellFormed.text(text))) {
      throw new OtherShapeException(field + " has half a surrogate pair");
    }
    if (body.isMended() && isMended()) {
      throw new OtherShapeException(field + " has bytes that are not UTF-8");
    }
    return text;
  }

  private boolean isMended() {
    return body.isMended(
        json.currentTokenLocation().getByteOffset(), json.currentLocation().getByteOffset());
  }

  /** An optional text, cut to so many bytes of UTF-8; null where it is anything else. */
  @Nullable String text(int longest) throws IOException {
    if (json.nextToken() == JsonToken.VALUE_STRING) {
      return Utf8Cut.to(longest, WellFormed.text(json.getText()));
    }
    json.skipChildren();
    return null;
  }

  /** Whether what was read last is null. */
  boolean isNull() {
    return json.currentToken() == JsonToken.VALUE_NULL;
  }

  /** An optional flag; null where it is anything else. */
  @Nullable Boolean flag() throws IOException {
    JsonToken token = json.nextToken();
    if (token == JsonToken.VALUE_TRUE) {
      return true;
    }
    if (token == JsonToken.VALUE_FALSE) {
      return false;
    }
    json.skipChildren();
    return null;
  }

  /** Of the element it stands at the beginning of. */
  void skipRest() throws IOException {
    json.skipChildren();
  }

  void skip() throws IOException {
    json.nextToken();
    json.skipChildren();
  }

  /** Two readers may take different ones of two equal names, so those that matter come once. */
  void once(String field, @Nullable Object before) throws OtherShapeException {
    once(field, before != null);
  }

  /** The same for what may be null where it is given. */
  void once(String field, boolean before) throws OtherShapeException {
    if (before) {
      throw new OtherShapeException(field + " is given twice");
    }
  }

  /** Nothing may follow the root object. */
  void end() throws IOException {
    if (json.nextToken() != null) {
      throw new IOException("something follows the end of the JSON document");
    }
  }

  /** Says where, in our words: the parser's own would quote the body. */
  static String explain(IOException e) {
    if (e instanceof StreamConstraintsException) {
      return "nested deeper than %d levels, or a value is too long".formatted(DEEPEST);
    }
    if (e instanceof JacksonException syntax && syntax.getLocation() != null) {
      return "not JSON from byte %d on".formatted(syntax.getLocation().getByteOffset());
    }
    return String.valueOf(e.getMessage());
  }

  @Override
  public void close() throws IOException {
    json.close();
  }
}
