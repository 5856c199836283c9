package sh.cinch.bitbucket.client;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.http.Reply;
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

  /**
   * Reads what may have moved: where the API says so, the new place is asked once, at our own
   * address of the API, and no redirect is followed.
   */
  <T> Answer<T> getMoved(String path, Fields.Reading<T> reading) {
    Request request = requests.json(Method.GET, absolute(path), null);
    Reply reply = transport.send(request);
    return place(reply)
        .map(url -> get(url, reading))
        .orElseGet(() -> read(request, reply, reading));
  }

  private Optional<String> place(Reply reply) {
    return reply instanceof Reply.Received received
            && received.status() / 100 == 3
            && received.location() != null
        ? requests.own(received.location())
        : Optional.empty();
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
    return read(request, transport.send(request), reading);
  }

  private static <T> Answer<T> read(Request request, Reply reply, Fields.Reading<T> reading) {
    return ResponseReader.of(request, reply, received -> reading.from(Fields.of(received.body())));
  }
}
