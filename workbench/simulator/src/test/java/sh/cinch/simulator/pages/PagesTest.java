package sh.cinch.simulator.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Multipart;
import sh.cinch.simulator.TestBitbucket;

class PagesTest {
  private final TestBitbucket bitbucket = TestBitbucket.start();

  @AfterEach
  void close() {
    bitbucket.close();
  }

  @Test
  void commitShowsItsBuildsEscaped() {
    bitbucket.repository("acme/app");
    String commit = bitbucket.commit("acme/app");
    bitbucket.api(
        "POST",
        "/repositories/acme/app/commit/" + commit + "/statuses/build",
        bitbucket.ada(),
        """
        {"key":"unit","state":"FAILED","name":"<script>alert(1)</script>",
         "description":"2 of 9 \\"failed\\"","url":"https://ci.example.com/?a=1&b=2"}
        """);

    Answer page = bitbucket.call("GET", "/acme/app", "");

    assertThat(page.status()).isEqualTo(200);
    assertThat(page.body())
        .contains(commit.substring(0, 7), "✕ Failed", "2 of 9 &quot;failed&quot;")
        .contains("href=\"https://ci.example.com/?a=1&amp;b=2\"")
        .contains("&lt;script&gt;alert(1)&lt;/script&gt;")
        .doesNotContain("<script>alert");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
  }

  @Test
  void homeListsRepositories() {
    assertThat(bitbucket.call("GET", "/", "").body()).contains("There are none yet");
    bitbucket.repository("acme/app");

    assertThat(bitbucket.call("GET", "/", "").body()).contains("href=\"/acme/app\"", "private");
  }

  @Test
  void clickOnADownloadLeadsToItsBytes() {
    bitbucket.repository("acme/app");
    String token = bitbucket.repositoryToken("acme/app", "repository:write");
    Multipart.upload(bitbucket, token, "a b.zip", "zipped");

    String page = bitbucket.call("GET", "/acme/app", "").body();
    Answer click = bitbucket.call("GET", "/acme/app/downloads/a%20b.zip", "");

    assertThat(page).contains("href=\"/acme/app/downloads/a%20b.zip\"");
    assertThat(click.status()).isEqualTo(302);
    assertThat(bitbucket.call("GET", click.header("Location"), "").body()).isEqualTo("zipped");
    assertThat(bitbucket.call("GET", "/acme/app/downloads/none.zip", "").status()).isEqualTo(404);
  }

  @Test
  void linksOfPayloadsLeadToTheRepository() {
    bitbucket.repository("acme/app");

    Answer answer = bitbucket.call("GET", "/acme/app/commits/0123", "");

    assertThat(answer.status()).isEqualTo(302);
    assertThat(answer.header("Location")).isEqualTo("/acme/app");
  }

  @Test
  void unknownRepositoryIsNotFoundAndNotEchoedRaw() {
    Answer answer = bitbucket.call("GET", "/acme/%3Cb%3E", "");

    assertThat(answer.status()).isEqualTo(404);
    assertThat(answer.body()).contains("acme/&lt;b&gt;");
  }

  @Test
  void styleAndScriptAreServed() {
    assertThat(bitbucket.call("GET", "/_assets/style.css", "").header("Content-Type"))
        .startsWith("text/css");
    assertThat(bitbucket.call("GET", "/_assets/live.js", "").header("Content-Type"))
        .startsWith("text/javascript");
  }
}
