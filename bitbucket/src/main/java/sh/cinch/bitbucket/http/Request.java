package sh.cinch.bitbucket.http;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One request.
 *
 * @param target the absolute URL, encoded
 * @param headers all that is sent beyond what HTTP itself needs
 * @param body null for none
 * @param secrets what must not appear in the reply's text, should somebody echo it
 */
public record Request(
    Method method,
    String target,
    Map<String, String> headers,
    @Nullable String body,
    List<String> secrets) {

  /** Those that Bitbucket's API has. */
  public enum Method {
    GET,
    POST,
    PUT,
    DELETE
  }

  /** Headers and body hold credentials, and a query may. */
  @Override
  public String toString() {
    int query = target.indexOf('?');
    return method + " " + (query < 0 ? target : target.substring(0, query));
  }
}
