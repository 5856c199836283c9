package sh.cinch.bitbucket.client;

import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.http.Request;
import sh.cinch.bitbucket.http.Request.Method;
import sh.cinch.bitbucket.http.Transport;

/** Makes one call and says what its answer means. */
record ApiCalls(Transport transport, ApiRequests requests) {

  /** To a path of the API. */
  <T> Answer<T> call(Method method, String path, @Nullable String body, Fields.Reading<T> reading) {
    return send(method, absolute(path), body, reading);
  }

  /** To a URL that is known to be the API's. */
  <T> Answer<T> get(String url, Fields.Reading<T> reading) {
    return send(Method.GET, url, null, reading);
  }

  /** For calls that answer without a body. */
  Answer<Done> delete(String path) {
    Request request = requests.json(Method.DELETE, absolute(path), null);
    return ResponseReader.of(request, transport.send(request), received -> new Done());
  }

  String absolute(String path) {
    return requests.absolute(path);
  }

  private <T> Answer<T> send(
      Method method, String url, @Nullable String body, Fields.Reading<T> reading) {
    Request request = requests.json(method, url, body);
    return ResponseReader.of(
        request, transport.send(request), received -> reading.from(Fields.of(received.body())));
  }
}
