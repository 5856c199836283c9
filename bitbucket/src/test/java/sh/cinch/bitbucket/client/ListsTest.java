package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.RawServer.Seen;

class ListsTest extends ClientFixture {

  @Test
  void allPagesAreReadAndARepeatedItemKeptOnce() {
    server.plays(
        (seen, response) ->
            response.end(
                switch (page(seen)) {
                  case "2" -> page("/x?opaque=%7B3%7D&page=3", "two", "three");
                  case "3" -> "{\"values\":[%s]}".formatted(repository("four"));
                  default -> page("/y?page=2", "one", "two");
                }));

    assertThat(ok(client.repositories("lighthouse", RepositoryRole.ADMIN)))
        .extracting(Repository::name)
        .containsExactly("one", "two", "three", "four");
    assertThat(server.requests())
        .extracting(Seen::line)
        .containsExactly(
            "GET /2.0/repositories/lighthouse?pagelen=100&role=admin",
            "GET /y?page=2",
            "GET /x?opaque=%7B3%7D&page=3");
  }

  @Test
  void eachPageAsksForTheCredentialAnew() {
    server.plays(
        (seen, response) ->
            response.end(page(seen).equals("2") ? "{\"values\":[]}" : page("/?page=2", "one")));
    var leases = new AtomicInteger();
    var renewed =
        new BitbucketClient(server.web(), server.url(), () -> "Bearer " + leases.incrementAndGet());

    ok(renewed.repositories("lighthouse", RepositoryRole.MEMBER));

    assertThat(server.requests())
        .extracting(seen -> seen.header("Authorization"))
        .containsExactly("Bearer 1", "Bearer 2");
  }

  /** Behind a reverse proxy a link names the inner host, sometimes http for https. */
  @ParameterizedTest
  @CsvSource({
    "http://evil.example/2.0/x?page=2, /2.0/x?page=2",
    "http://127.0.0.1:1/2.0/x?page=2&o=%7B3%7D, /2.0/x?page=2&o=%7B3%7D",
    "https://user:secret@inner.example/2.0/x?page=2, /2.0/x?page=2",
    "//evil.example/2.0/x?page=2, /2.0/x?page=2",
    "/2.0/x?page=2, /2.0/x?page=2",
    "http://inner.example//evil.example/x?page=2, //evil.example/x?page=2"
  })
  void aLinkIsFollowedAtTheApisOwnHostAlone(String link, String followed) {
    server.plays(
        (seen, response) ->
            response.end(
                page(seen).equals("2")
                    ? "{\"values\":[]}"
                    : "{\"values\":[],\"next\":\"%s\"}".formatted(link)));

    assertThat(ok(client.hooks(BEACON))).isEmpty();
    assertThat(server.requests()).extracting(Seen::line).last().isEqualTo("GET " + followed);
    assertThat(server.requests())
        .extracting(seen -> seen.header("Authorization"))
        .containsExactly("Bearer s3cret", "Bearer s3cret");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "x?page=2", "mailto:x@evil.example", "http:// /", "?page=2"})
  void whatIsNoLinkIsNotFollowed(String link) {
    server.answersJson(200, "{\"values\":[],\"next\":\"%s\"}".formatted(link));

    assertThat(unavailable(client.hooks(BEACON)).what()).contains("was not followed");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void anApiBehindAPathOfItsOwnIsAskedThere() {
    URI api = URI.create(server.url() + "/bitbucket/");
    server.plays(
        (seen, response) ->
            response.end(
                switch (page(seen)) {
                  case "2" -> "{\"values\":[],\"next\":\"http://inner/bitbucket/2.0/x?page=3\"}";
                  case "3" -> "{\"values\":[]}";
                  default -> "{\"values\":[],\"next\":\"http://inner/2.0/x?page=2\"}";
                }));

    ok(new BitbucketClient(server.web(), api, () -> "Bearer s3cret").hooks(BEACON));

    assertThat(server.requests())
        .extracting(Seen::line)
        .containsExactly(
            "GET /bitbucket/2.0/repositories/lighthouse/beacon/hooks?pagelen=100",
            "GET /bitbucket/2.0/x?page=2",
            "GET /bitbucket/2.0/x?page=3");
  }

  @Test
  void aCircleEnds() {
    server.plays((seen, response) -> response.end(page("/again", "one")));

    assertThat(unavailable(client.repositories("lighthouse", RepositoryRole.MEMBER)).what())
        .contains("did not end after 1000 pages");
    assertThat(server.requests()).hasSize(Pages.MOST_PAGES);
  }

  @Test
  void whereOnePageFailsAllDo() {
    server.plays(
        (seen, response) -> {
          if (page(seen).equals("2")) {
            response.setStatusCode(403).end();
          } else {
            response.end(page("/?page=2", "one"));
          }
        });

    assertThat(refused(client.repositories("lighthouse", RepositoryRole.MEMBER)).status())
        .isEqualTo(403);
  }

  @Test
  void aPageWithoutValuesIsNone() {
    server.answersJson(200, "{\"page\":1}");

    assertThat(unavailable(client.branches(BEACON)).what())
        .endsWith("but values is missing or not an array");
  }

  @Test
  void aBadItemIsNamed() {
    server.answersJson(200, "{\"values\":[{\"name\":\"main\",\"target\":{\"hash\":\"b2\"}},{}]}");

    assertThat(unavailable(client.tags(BEACON)).what())
        .endsWith("but values[1].name is missing or not a string");
  }

  private static String page(Seen seen) {
    return String.valueOf(seen.request().getParam("page"));
  }

  private String page(String next, String... names) {
    var values = Stream.of(names).map(ListsTest::repository).toList();
    return "{\"values\":%s,\"next\":\"%s%s\"}".formatted(values, server.url(), next);
  }

  private static String repository(String name) {
    return "{\"uuid\":\"{%s}\",\"full_name\":\"lighthouse/%s\",\"name\":\"%s\"}"
        .formatted(name, name, name);
  }
}
