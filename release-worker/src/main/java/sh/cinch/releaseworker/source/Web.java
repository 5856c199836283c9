package sh.cinch.releaseworker.source;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.DecodeException;
import java.net.ConnectException;
import java.security.cert.CertificateException;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import sh.cinch.service.http.Problem;
import sh.cinch.service.text.OneLine;

/**
 * Gets things over HTTP/1.1, each over a connection of its own, so that none outlives the check of
 * the address it goes to. No server is asked to close it: where one does while the last bytes wait
 * to be taken, Vert.x forgets those. Follows no redirect, sends no header of its own accord that
 * tells who asks.
 */
final class Web implements AutoCloseable {

  private static final int LONGEST_PROBLEM = 64 * 1024;

  private final Vertx vertx;
  private final HttpClientAgent client;
  private final Limits limits;

  sealed interface Heard {

    /**
     * 200. The bytes wait to be asked for, or to be closed.
     *
     * @param isPlain not compressed
     */
    record Whole(SourceStream bytes, OptionalLong length, boolean isPlain) implements Heard {}

    /**
     * @param problem the detail of a problem document
     */
    record Other(int status, Optional<String> location, Optional<String> problem)
        implements Heard {}

    /**
     * @param why follows upon a name: "does not answer"
     * @param isConnected somebody was there at least
     */
    record Silence(String why, boolean isConnected) implements Heard {}
  }

  Web(Vertx vertx, HttpClientOptions options, Limits limits) {
    this.vertx = vertx;
    this.limits = limits;
    this.client =
        vertx.createHttpClient(
            new HttpClientOptions(options)
                .setConnectTimeout(Math.toIntExact(limits.connect().toMillis()))
                .setSslHandshakeTimeout(limits.connect().toMillis())
                .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS));
  }

  /**
   * Waits for the answer's head.
   *
   * @param whom the name it has in reasons
   * @param size how many bytes the answer is to have
   */
  Heard get(RequestOptions options, String whom, long size) {
    options
        .setMethod(HttpMethod.GET)
        .setFollowRedirects(false)
        .putHeader(HttpHeaders.ACCEPT, "*/*")
        .putHeader(HttpHeaders.ACCEPT_ENCODING, HttpHeaders.IDENTITY)
        .putHeader(HttpHeaders.USER_AGENT, "cinch");
    Future<HttpClientConnection> connection = client.connect(whereTo(options));
    try {
      // One chain on one event loop: the answer's bytes cannot come before somebody holds them.
      return connection
          .compose(own -> own.request(options))
          .compose(request -> request.send().compose(response -> hear(response, whom, size)))
          .timeout(limits.head().toMillis(), TimeUnit.MILLISECONDS)
          .await();
    } catch (Exception e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      connection.onSuccess(HttpClientConnection::close);
      return new Heard.Silence(inWords(e), connection.succeeded());
    }
  }

  private HttpConnectOptions whereTo(RequestOptions options) {
    return new HttpConnectOptions()
        .setServer(options.getServer())
        .setHost(options.getHost())
        .setPort(options.getPort())
        .setSsl(options.isSsl())
        .setConnectTimeout(limits.connect().toMillis());
  }

  private Future<Heard> hear(HttpClientResponse response, String whom, long size) {
    if (response.statusCode() == 200) {
      return Future.succeededFuture(
          new Heard.Whole(
              new SourceStream(vertx, response, whom, size, limits.inactivity()),
              length(response),
              isPlain(response)));
    }
    response.exceptionHandler(broken -> {});
    Future<Optional<String>> problem =
        isProblem(response)
            ? response.body().map(Web::detail)
            : Future.succeededFuture(Optional.empty());
    return problem
        .<Heard>map(
            detail ->
                new Heard.Other(
                    response.statusCode(),
                    Optional.ofNullable(response.getHeader(HttpHeaders.LOCATION)),
                    detail))
        .onComplete(heard -> response.request().connection().close());
  }

  private static OptionalLong length(HttpClientResponse response) {
    String length = response.getHeader(HttpHeaders.CONTENT_LENGTH);
    return length == null || !length.matches("[0-9]{1,18}")
        ? OptionalLong.empty()
        : OptionalLong.of(Long.parseLong(length));
  }

  private static boolean isPlain(HttpClientResponse response) {
    return response.headers().getAll(HttpHeaders.CONTENT_ENCODING).stream()
        .allMatch(encoding -> encoding.strip().equalsIgnoreCase("identity"));
  }

  private static boolean isProblem(HttpClientResponse response) {
    String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
    return type != null
        && type.toLowerCase(Locale.ROOT).startsWith(Problem.MEDIA_TYPE)
        && length(response).orElse(Long.MAX_VALUE) <= LONGEST_PROBLEM;
  }

  private static Optional<String> detail(Buffer problem) {
    try {
      return Optional.ofNullable(problem.toJsonObject().getString("detail")).map(OneLine::of);
    } catch (DecodeException e) {
      return Optional.empty();
    }
  }

  /** Messages of exceptions hold addresses; whoever reads a reason needs none. */
  private String inWords(Throwable why) {
    return switch (why) {
      case TimeoutException e ->
          "has not answered for %d seconds".formatted(limits.head().toSeconds());
      case ConnectException e -> "cannot be connected to";
      case SSLException e when isOfTheCertificate(e) ->
          "has a TLS certificate that is not valid for it";
      case SSLException e -> "fails at TLS";
      default -> "broke the connection off";
    };
  }

  private static boolean isOfTheCertificate(SSLException why) {
    return Stream.iterate(why, Objects::nonNull, Throwable::getCause)
        .anyMatch(CertificateException.class::isInstance);
  }

  @Override
  public void close() {
    client.close().await();
  }
}
