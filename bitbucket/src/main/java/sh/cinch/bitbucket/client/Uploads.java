package sh.cinch.bitbucket.client;

import io.vertx.core.http.HttpClient;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sh.cinch.bitbucket.http.Exchange;
import sh.cinch.bitbucket.http.Request;
import sh.cinch.bitbucket.http.Request.Method;
import sh.cinch.bitbucket.http.StreamTransport;
import sh.cinch.bitbucket.http.StreamedBody;

/**
 * Uploads files to repositories' downloads as one account, however large they are: never more of
 * one is in memory than is on its way. Waits for the answer, so call it on a virtual thread. Making
 * one costs nothing: make one for each credential.
 */
public final class Uploads {
  public static final Duration DEFAULT_INACTIVITY = Duration.ofMinutes(1);

  private final StreamTransport transport;
  private final ApiRequests requests;

  /**
   * @param http a pool of its own keeps uploads from waiting for, or keeping back, other calls
   * @param api e.g. {@code https://api.bitbucket.org}
   * @param authorization gives the value of the Authorization header; asked once for each upload
   */
  public Uploads(HttpClient http, URI api, Supplier<String> authorization) {
    this(
        new StreamTransport(http, DEFAULT_INACTIVITY),
        new ApiRequests(api, authorization, Map::of));
  }

  private Uploads(StreamTransport transport, ApiRequests requests) {
    this.transport = transport;
    this.requests = requests;
  }

  /**
   * The same with another time limit.
   *
   * @param inactivity how long nothing may move: no byte to Bitbucket, no answer after the last one
   */
  public Uploads withInactivity(Duration inactivity) {
    return new Uploads(transport.within(inactivity), requests);
  }

  /** The same, which tells of each upload once it has ended. */
  public Uploads observedBy(Consumer<Exchange> observer) {
    return new Uploads(transport.observedBy(observer), requests);
  }

  /** The same with more headers, asked once for each upload. */
  public Uploads withHeaders(Supplier<Map<String, String>> headers) {
    return new Uploads(transport, requests.with(headers));
  }

  /**
   * Creates the download or replaces the one of its name, so it may be repeated. Needs the scope
   * repository:write.
   */
  public Uploaded upload(RepositoryAddress repository, Upload upload) {
    var form = MultipartForm.fresh();
    StreamedBody body = form.of(upload);
    Request request =
        requests.streamed(
            Method.POST,
            requests.absolute(ApiPath.in(repository, "downloads")),
            form.contentType(),
            body.length());
    return switch (transport.send(request, body)) {
      case StreamTransport.Sent.Replied(var reply) ->
          new Uploaded.Answered(ResponseReader.of(request, reply, received -> new Done()));
      case StreamTransport.Sent.ContentFailed(var cause, var begun) ->
          new Uploaded.Torn(cause, begun);
    };
  }
}
