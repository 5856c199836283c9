package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.bitbucket.http.Reply;

/** Bodies of refusals that follow no schema. */
class ApiErrorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"error":{"message":"No"}}          | No
          {"error":"No"}                      | No
          {"error":{"message":""}}            | Bitbucket answered 400 (application/json) and gave no reason
          {"error":{"message":null}}          | Bitbucket answered 400 (application/json) and gave no reason
          {"error":{"message":["a"]}}         | Bitbucket answered 400 (application/json) and gave no reason
          {"error":[]}                        | Bitbucket answered 400 (application/json) and gave no reason
          []                                  | Bitbucket answered 400 (application/json) and gave no reason
          {"error":                           | Bitbucket answered 400 (application/json) and gave no reason
          """)
  void theMessageIsFoundOrOurs(String body, String message) {
    assertThat(read("application/json", body).message()).isEqualTo(message);
  }

  @Test
  void plainTextIsTheMessage() {
    assertThat(read("text/plain; charset=utf-8", " Bad Request\n").message())
        .isEqualTo("Bad Request");
  }

  @Test
  void aPageIsNot() {
    assertThat(read("text/html", "<html>").message())
        .isEqualTo("Bitbucket answered 400 (text/html) and gave no reason");
    assertThat(read(null, "<html>").message())
        .isEqualTo("Bitbucket answered 400 (no content type) and gave no reason");
  }

  @Test
  void fieldsMayBeOneTextOrMany() {
    String body = "{\"error\":{\"fields\":{\"a\":\"x\",\"b\":[\"y\",1],\"c\":null}}}";

    assertThat(read("application/json", body).fields())
        .isEqualTo(Map.of("a", List.of("x"), "b", List.of("y", "1"), "c", List.of()));
  }

  @Test
  void fieldsOfAnotherTypeAreNone() {
    assertThat(read("application/json", "{\"error\":{\"fields\":[\"a\"]}}").fields()).isEmpty();
  }

  @Test
  void aScopeMayBeOneText() {
    String body = "{\"error\":{\"detail\":{\"required\":\"repository:write\"}}}";

    ApiError error = read("application/json", body);

    assertThat(error.requiredScopes()).containsExactly("repository:write");
    assertThat(error.grantedScopes()).isEmpty();
  }

  @Test
  void theRawBodyIsCutAndSaysSo() {
    assertThat(read("text/html", "x".repeat(501)).raw()).isEqualTo("x".repeat(499) + "…");
    assertThat(read("text/html", "x".repeat(500)).raw()).isEqualTo("x".repeat(500));
  }

  private static ApiError read(@Nullable String type, String body) {
    return ApiErrorReader.read(
        new Reply.Received(400, type, body, Optional.empty(), Optional.empty(), null, null));
  }
}
