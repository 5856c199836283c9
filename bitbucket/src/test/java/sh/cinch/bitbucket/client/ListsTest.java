package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
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
                  case "2" -> page("/2.0/x?opaque=%7B3%7D&page=3", "two", "three");
                  case "3" -> "{\"values\":[%s]}".formatted(repository("four"));
                  default -> page("/2.0/y?page=2", "one", "two");
                }));

    assertThat(ok(client.repositories("lighthouse", RepositoryRole.ADMIN)).items())
        .extracting(Repository::name)
        .containsExactly("one", "two", "three", "four");
    assertThat(server.requests())
        .extracting(Seen::line)
        .containsExactly(
            "GET /2.0/repositories/lighthouse?pagelen=100&role=admin",
            "GET /2.0/y?page=2",
            "GET /2.0/x?opaque=%7B3%7D&page=3");
  }

  @Test
  void eachPageAsksForTheCredentialAnew() {
    server.plays(
        (seen, response) ->
            response.end(page(seen).equals("2") ? "{\"values\":[]}" : page("/2.0/?page=2", "one")));
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
    "http://inner.example//evil.example/2.0/x?page=2, /2.0/x?page=2",
    "http://inner.example/base/2.0/x?page=2, /2.0/x?page=2",
    "http://inner.example/2.0/x/2.0/y?page=2, /2.0/x/2.0/y?page=2",
    "http://inner.example/2.0/a%2Fb/v1..2?page=2#at, /2.0/a%2Fb/v1..2?page=2"
  })
  void aLinkIsFollowedAtTheApisOwnHostAlone(String link, String followed) {
    server.plays(
        (seen, response) ->
            response.end(
                page(seen).equals("2")
                    ? "{\"values\":[]}"
                    : "{\"values\":[],\"next\":\"%s\"}".formatted(link)));

    assertThat(ok(client.hooks(BEACON)).items()).isEmpty();
    assertThat(server.requests()).extracting(Seen::line).last().isEqualTo("GET " + followed);
    assertThat(server.requests())
        .extracting(seen -> seen.header("Authorization"))
        .containsExactly("Bearer s3cret", "Bearer s3cret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x?page=2",
        "mailto:x@evil.example",
        "http:// /",
        "?page=2",
        "http://inner/login?page=2",
        "http://inner/2.0",
        "http://inner/2.0/../admin?page=2",
        "http://inner/2.0/%2e%2E/admin?page=2",
        "http://inner/2.0/x%2f..%2f..%2fadmin?page=2",
        "http://inner/2.0/..;v=1/admin?page=2",
        "http://inner/2.0/./x?page=2"
      })
  void whatDoesNotLeadIntoTheApiIsNotFollowed(String link) {
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
  void anInnerBasePathThatIsAlsoPartOfOursIsNotTakenForTheApi() {
    URI api = URI.create(server.url() + "/gate/2.0/bitbucket");
    server.plays(
        (seen, response) ->
            response.end(
                page(seen).equals("2")
                    ? "{\"values\":[]}"
                    : "{\"values\":[],\"next\":\"http://inner/gate/2.0/bitbucket/2.0/x?page=2\"}"));

    ok(new BitbucketClient(server.web(), api, () -> "Bearer s3cret").hooks(BEACON));

    assertThat(server.requests())
        .extracting(Seen::line)
        .last()
        .isEqualTo("GET /gate/2.0/bitbucket/2.0/x?page=2");
  }

  @Test
  void aLinkThatComesAgainIsACircle() {
    server.plays((seen, response) -> response.end(page("/2.0/again", "one")));

    assertThat(unavailable(client.repositories("lighthouse", RepositoryRole.MEMBER)).what())
        .isEqualTo(
            "GET /2.0/repositories/lighthouse: the list leads in a circle: a page was linked to"
                + " twice");
    assertThat(server.requests()).hasSize(2);
  }

  @Test
  void pagesThatOnlyRepeatAreACircle() {
    server.plays((seen, response) -> response.end(page(after(seen), "one")));

    assertThat(unavailable(client.repositories("lighthouse", RepositoryRole.MEMBER)).what())
        .endsWith("the list leads in a circle: 3 pages brought nothing new");
    assertThat(server.requests()).hasSize(1 + Pages.MOST_REPEATED);
  }

  @Test
  void emptyPagesEnd() {
    server.plays((seen, response) -> response.end(page(after(seen))));

    assertThat(unavailable(client.repositories("lighthouse", RepositoryRole.MEMBER)).what())
        .endsWith("did not end after 1000 pages");
    assertThat(server.requests()).hasSize(Pages.MOST_PAGES);
  }

  private static String after(Seen seen) {
    String page = page(seen);
    return "/2.0/x?page=" + (page.equals("null") ? 2 : Integer.parseInt(page) + 1);
  }

  @Test
  void aNextPageThatIsNotTextIsNotTakenForTheEnd() {
    server.answersJson(200, "{\"values\":[],\"next\":2}");

    assertThat(unavailable(client.tags(BEACON)).what())
        .endsWith("but next is missing or not a string");
  }

  @Test
  void aNextPageThatIsNullIsTheEnd() {
    server.answersJson(200, "{\"values\":[],\"next\":null}");

    assertThat(ok(client.tags(BEACON)).items()).isEmpty();
  }

  @Test
  void whereOnePageFailsAllDo() {
    server.plays(
        (seen, response) -> {
          if (page(seen).equals("2")) {
            response.setStatusCode(403).end();
          } else {
            response.end(page("/2.0/?page=2", "one"));
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

  /** One odd entry costs only itself. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "7",
        "[]",
        "{}",
        "{\"name\":\"x\"}",
        "{\"name\":\"x\",\"target\":null}",
        "{\"name\":7,\"target\":{\"hash\":\"b2\"}}"
      })
  void anOddEntryIsLeftOutAndCounted(String odd) {
    server.answersJson(
        200, "{\"values\":[%s,{\"name\":\"main\",\"target\":{\"hash\":\"b2\"}}]}".formatted(odd));

    assertThat(ok(client.branches(BEACON)))
        .isEqualTo(new Listed<>(List.of(new Head("main", "b2")), 1));
    assertThat(ok(client.tags(BEACON)).leftOut()).isOne();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "null",
        "{\"full_name\":\"a/b\"}",
        "{\"uuid\":\"{r}\"}",
        "{\"uuid\":\"{r}\",\"full_name\":\"b\"}",
        "{\"uuid\":\"{r}\",\"full_name\":\"../b\"}"
      })
  void anOddRepositoryIsLeftOut(String odd) {
    server.answersJson(200, "{\"values\":[%s,%s]}".formatted(odd, repository("one")));

    Listed<Repository> listed = ok(client.repositories("lighthouse", RepositoryRole.MEMBER));

    assertThat(listed.items()).extracting(Repository::name).containsExactly("one");
    assertThat(listed.leftOut()).isOne();
  }

  @Test
  void anOddLinkCostsNoRepository() {
    server.answersJson(
        200,
        """
        {"values":[{"uuid":"{r}","full_name":"a/b","links":{"clone":[null,{"name":"https"}]}}]}
        """);

    assertThat(ok(client.repositories("a", RepositoryRole.MEMBER)).items()).hasSize(1);
  }

  @Test
  void oddHooksAndDownloadsAreLeftOut() {
    server.answersJson(
        200,
        "{\"values\":[null,{\"url\":\"https://a/\"},{\"uuid\":\"no\",\"url\":\"https://a/\"}]}");
    assertThat(ok(client.hooks(BEACON))).isEqualTo(new Listed<>(List.of(), 3));

    server.answersJson(200, "{\"values\":[null,{\"size\":7},{\"name\":\"app\",\"size\":\"7\"}]}");
    Listed<Download> downloads = ok(client.downloads(BEACON));
    assertThat(downloads.items()).extracting(Download::name).containsExactly("app");
    assertThat(downloads.leftOut()).isEqualTo(2);
  }

  @Test
  void aWorkspaceIsFoundByEitherOfItsNames() {
    server.answersJson(
        200,
        """
        {"values":[{"workspace":{"uuid":"{w}"}},{"workspace":{"slug":"acme","uuid":""}},
          {"workspace":{"slug":".."}},{"workspace":null},{"workspace":{}},null]}
        """);

    Listed<Workspace> listed = ok(client.workspaces());

    assertThat(listed.items()).extracting(Workspace::address).containsExactly("{w}", "acme");
    assertThat(listed.leftOut()).isEqualTo(4);
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
