package sh.cinch.ingress.git;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Requests;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.lease.LeaseResult;
import sh.cinch.service.lease.Leases;

/**
 * The forge's own git address, asked with a lease of the repository's credential, on connections
 * that nothing else uses. Waits for answers: for virtual threads.
 */
final class Upstream implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Upstream.class);

  private static final int CONNECT_MS = 5_000;
  private static final int KEEP_IDLE_SECONDS = 20;

  /** Forges tell git from browsers by this. */
  private static final String USER_AGENT = "git/2 (cinch)";

  /** The form in which git shows a token; nothing else may be lent for it. */
  private static final String BASIC = "Basic ";

  private final Site site;
  private final Leases leases;
  private final Requests requests;
  private final HttpClient http;

  Upstream(Vertx vertx, GitSettings settings, Site site, Leases leases, Requests requests) {
    this.site = site;
    this.leases = leases;
    this.requests = requests;
    this.http =
        vertx.createHttpClient(
            new HttpClientOptions()
                .setConnectTimeout(CONNECT_MS)
                .setKeepAliveTimeout(KEEP_IDLE_SECONDS)
                .setReadIdleTimeout(Math.max(1, (int) settings.silence().toSeconds())),
            new PoolOptions().setHttp1MaxSize(Math.max(1, settings.atOnce())));
  }

  /**
   * Asks once more with another token where the forge refuses the first: nothing has been sent on
   * yet.
   *
   * @param loop of who asks: the answer comes in there
   * @return a good answer, paused
   * @throws Problem where there is none
   */
  HttpClientResponse ask(Connection connection, Question question, Context loop) {
    UUID credential =
        connection
            .credential()
            .filter(used -> connection.isConnected())
            .orElseThrow(Upstream::notConnected)
            .id();
    String address = address(connection);
    Lease lease = lease(credential);
    HttpClientResponse response = ask(address, credential, lease, question, loop);
    if (response.statusCode() == 401) {
      drop(response);
      leases.reject(credential, lease);
      response = ask(address, credential, lease(credential), question, loop);
    }
    Optional<Problem> problem = problem(response, question);
    if (problem.isPresent()) {
      drop(response);
      throw problem.get();
    }
    return response;
  }

  private String address(Connection connection) {
    String workspace =
        connection
            .workspaceUuid()
            .orElseThrow(
                () ->
                    new Problem(
                            503,
                            "Not yet",
                            "Cinch does not know the repository's workspace yet; try again in some"
                                + " minutes.")
                        .retryAfter(Duration.ofMinutes(1)));
    return site.cloneUrl(workspace, connection.uuid());
  }

  private Lease lease(UUID credential) {
    return switch (leases.lease(credential)) {
      case LeaseResult.Lent(Lease lease) -> lease;
      case LeaseResult.NeedsAuthorization(String reason) -> throw unauthorized(reason);
      case LeaseResult.Unknown() -> throw unauthorized("its credential is gone");
      case LeaseResult.NotNow(String reason) ->
          throw new Problem(503, "Not now", "No access token is to be had now: " + reason)
              .retryAfter(RetryAfter.SOON);
    };
  }

  private HttpClientResponse ask(
      String address, UUID credential, Lease lease, Question question, Context loop) {
    String authorization = lease.authorization().reveal();
    if (!authorization.startsWith(BASIC)) {
      throw new Problem(
          503, "Not now", "The token-service is of an older release, and lends nothing for git.");
    }
    Requests.Ticket ticket =
        switch (requests.take(lease, ForgeCaller.once(credential, Purpose.CLONE), Pool.GIT)) {
          case Requests.Passage.Open(Requests.Ticket open) -> open;
          case Requests.Passage.Shut(var why) ->
              throw new Problem(503, "Not now", why.reason()).retryAfter(why.pause());
        };
    ticket.takesLong(); // other requests need not wait for it
    try {
      Promise<HttpClientResponse> answer = Promise.promise();
      loop.runOnContext(
          now ->
              http.request(
                      new RequestOptions()
                          .setMethod(question.kind().method())
                          .setAbsoluteURI(address + question.kind().path())
                          .setFollowRedirects(false))
                  .compose(request -> send(request, authorization, question))
                  .onComplete(answer));
      HttpClientResponse response = answer.future().await();
      ticket.ended(OptionalInt.of(response.statusCode()), pause(response));
      return response;
    } catch (Exception e) { // whatever the network has
      ticket.ended(OptionalInt.empty(), Optional.empty());
      log.info("the forge did not answer git: {}", e.toString());
      throw new Problem(502, "Bitbucket is away", "Bitbucket does not answer git; try again soon.")
          .retryAfter(RetryAfter.SOON);
    }
  }

  /** Paused where it comes in, so that nothing of it is lost. */
  private static Future<HttpClientResponse> send(
      HttpClientRequest request, String authorization, Question question) {
    request.putHeader(HttpHeaders.AUTHORIZATION, authorization);
    request.putHeader(HttpHeaders.USER_AGENT, USER_AGENT);
    question.headers().forEach(request::putHeader);
    return question
        .body()
        .<Future<HttpClientResponse>>map((Buffer body) -> request.send(body))
        .orElseGet(request::send)
        .map(
            response -> {
              response.pause();
              return response;
            });
  }

  private static Optional<Duration> pause(HttpClientResponse response) {
    String seconds = Objects.requireNonNullElse(response.getHeader(HttpHeaders.RETRY_AFTER), "");
    return seconds.matches("[0-9]{1,6}")
        ? Optional.of(Duration.ofSeconds(Long.parseLong(seconds)))
        : Optional.empty();
  }

  /** None of these lets git ask for a password again: no other would help. */
  private static Optional<Problem> problem(HttpClientResponse response, Question question) {
    int status = response.statusCode();
    String type = Objects.requireNonNullElse(response.getHeader(HttpHeaders.CONTENT_TYPE), "");
    if (status == 200) {
      return type.equals(question.kind().answerType())
          ? Optional.empty()
          : Optional.of(
              new Problem(502, "No git", "What Bitbucket answered is not git's; try again soon."));
    }
    return Optional.of(
        switch (status) {
          case 401, 403 ->
              new Problem(
                  502,
                  "Bitbucket refused",
                  "Bitbucket answered %d: what the repository is connected with may not read it. Connect it again with a token that has the scope repository."
                      .formatted(status));
          case 404 ->
              new Problem(
                  502,
                  "Bitbucket refused",
                  "Bitbucket answered 404: it does not show the repository to what it is connected"
                      + " with.");
          case 429 ->
              new Problem(
                      503, "Not now", "Bitbucket limits how often Cinch may ask; try again later.")
                  .retryAfter(pause(response).orElse(Duration.ofMinutes(1)));
          default ->
              new Problem(
                      502, "Bitbucket refused", "Bitbucket answered git with %d.".formatted(status))
                  .retryAfter(RetryAfter.SOON);
        });
  }

  private static Problem notConnected() {
    return new Problem(
        409, "Not connected", "The repository is not connected: nothing can be fetched of it.");
  }

  private static Problem unauthorized(String reason) {
    return new Problem(
        409,
        "Authorization needed",
        "Bitbucket no longer accepts what the repository is connected with (%s). Connect it again."
            .formatted(reason));
  }

  /** What else it brings is of no use, and its connection with it. */
  private static void drop(HttpClientResponse response) {
    response.exceptionHandler(expected -> {});
    boolean unused = response.request().reset().isComplete();
  }

  @Override
  public void close() {
    http.close().await();
  }
}
