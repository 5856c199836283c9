package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServerRequest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedirectTest extends SourcesFixture {

  /** {@code /3} leads to {@code /2}, and {@code /0} is the file. */
  private static void countDown(HttpServerRequest request) {
    int left = Integer.parseInt(request.path().substring(1));
    if (left == 0) {
      request.response().end("the file");
    } else {
      request
          .response()
          .setStatusCode(302)
          .putHeader("Location", "/" + (left - 1) + SIGNED)
          .putHeader("Set-Cookie", "session=1")
          .end("see there");
    }
  }

  private Opened open(String path) {
    return sources()
        .open(
            REPOSITORY,
            "http://files.example.com:%d%s%s".formatted(server.port(), path, SIGNED),
            8);
  }

  @Test
  void fiveRedirectsAreFollowed() {
    server.plays(RedirectTest::countDown);

    assertThat(all(content(open("/5"))).join()).isEqualTo("the file");
    assertThat(server.requests()).hasSize(6);
    assertThat(server.requests())
        .allSatisfy(
            request ->
                assertThat(request.headers().names())
                    .doesNotContain("Cookie", "Authorization", "Referer"));
    assertThat(names.asked("files.example.com")).as("for each").isEqualTo(6);
  }

  @Test
  void sixRedirectsAreTooMany() {
    server.plays(RedirectTest::countDown);

    assertThat(refused(open("/6"))).endsWith("redirects more than 5 times");
    assertThat(server.requests()).hasSize(6);
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          /dir/a, b,          /dir/b
          /dir/a, ../b,       /b
          /dir/a, ./b?c=d,    /dir/b?c=d
          /dir/a, //HOST/b,   /b
          '',     b,          /b
          '',     .evil/b,    /.evil/b
          /a,     /b%20c,     /b%20c
          """)
  void locationMayBeRelative(String from, String location, String to) {
    String host = "files.example.com:" + server.port();
    server.redirectsTo(location.replace("HOST", host));

    assertThat(refused(open(from))).contains("redirects more than 5 times");
    assertThat(server.requests().get(1).uri()).isEqualTo(to);
    assertThat(server.requests()).allMatch(request -> host.equals(request.getHeader("Host")));
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void eachKindIsFollowed(int status) {
    server.plays(
        request -> {
          if (request.path().equals("/b")) {
            request.response().end("the file");
          } else {
            request.response().setStatusCode(status).putHeader("Location", "/b").end();
          }
        });

    assertThat(all(content(open("/a"))).join()).isEqualTo("the file");
  }

  @ParameterizedTest
  @ValueSource(ints = {300, 302, 304, 305})
  void statusWithoutALocationIsNoRedirect(int status) {
    server.answers(status);

    assertThat(refused(open("/a"))).contains("answered " + status);
  }

  @Test
  void endlessBodyOfARedirectIsNotRead() {
    server.plays(
        request -> {
          if (request.path().equals("/b")) {
            request.response().end("the file");
          } else {
            request
                .response()
                .setStatusCode(302)
                .putHeader("Location", "/b")
                .setChunked(true)
                .write("see there");
          }
        });

    assertThat(all(content(open("/a"))).join()).isEqualTo("the file");
  }

  @Test
  void artifactIsNotRedirectedTo() {
    server.redirectsTo("artifact:7a1f0000-0000-4000-8000-000000000001");

    assertThat(refused(open("/a"))).contains("redirects to an artifact");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void troubleBehindARedirectSaysSo() {
    server.plays(
        request -> {
          if (request.path().equals("/b")) {
            request.response().setStatusCode(503).end();
          } else {
            request.response().setStatusCode(302).putHeader("Location", "/b").end();
          }
        });

    assertThat(notNow(open("/a"))).contains("redirects: ", "answered 503");
  }
}
