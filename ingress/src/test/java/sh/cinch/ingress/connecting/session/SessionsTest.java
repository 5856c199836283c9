package sh.cinch.ingress.connecting.session;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.SESSION;

import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.token.Account;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;

@OnSharedServers
class SessionsTest {

  private static TestParts parts;
  private static Sessions sessions;

  private final Account ada = new Account("{" + UUID.randomUUID() + "}", "Ada");
  private final UUID credential = UUID.randomUUID();

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    sessions = new Sessions(parts.database(), parts.clock());
  }

  @AfterAll
  static void stop() {
    parts.close();
  }

  @Test
  void undecidedSessionEndsWithTheSignIn() {
    RandomToken undecided = sessions.openUndecided(ada, credential);
    RandomToken decided = sessions.open(ada, credential);

    parts.clock().advance(SignIns.LIFETIME.plusSeconds(1));

    assertThat(sessions.find(undecided)).isEmpty();
    assertThat(sessions.find(decided)).isPresent();
  }

  @Test
  void decidedSessionHasAnotherIdAndItsWholeTime() {
    RandomToken undecided = sessions.openUndecided(ada, credential);

    RandomToken decided = sessions.confirm(undecided, sessions.find(undecided).orElseThrow());

    assertThat(sessions.find(undecided)).isEmpty();
    assertThat(sessions.find(decided).orElseThrow().expiresAt())
        .isAfter(parts.clock().instant().plus(SignIns.LIFETIME));
  }

  @Test
  void oneAccountHasTwentySessionsAndLosesTheOldestOfMore() {
    List<RandomToken> opened = new ArrayList<>();
    for (int i = 0; i < 21; i++) {
      opened.add(sessions.open(ada, credential));
      parts.clock().advance(Duration.ofSeconds(1));
    }
    RandomToken ofAnother = sessions.open(new Account("{another}", "Bo"), credential);

    assertThat(sessions.find(opened.getFirst())).isEmpty();
    assertThat(opened.stream().filter(id -> sessions.find(id).isPresent())).hasSize(20);
    assertThat(sessions.find(ofAnother)).isPresent();
  }

  @Test
  void oneMoreIsThereUntilItIsDecided() {
    for (int i = 0; i < 20; i++) {
      sessions.open(ada, credential);
    }

    RandomToken undecided = sessions.openUndecided(ada, credential);

    assertThat(sessions.find(undecided)).isPresent();
  }

  @Test
  void theReleaseBeforeFindsAFormTokenThatIsNotEmpty() {
    sessions.open(ada, credential);

    assertThat(parts.database().sql().select(SESSION.FORM_TOKEN).from(SESSION).fetch().getValues(0))
        .noneMatch(token -> String.valueOf(token).isEmpty());
  }

  @Test
  void formTokenIsTheSessionsOwnAndStoredNowhere() {
    RandomToken one = sessions.open(ada, credential);
    RandomToken other = sessions.open(ada, credential);

    String token = sessions.find(one).orElseThrow().formToken().reveal();

    assertThat(token).isEqualTo(sessions.find(one).orElseThrow().formToken().reveal());
    assertThat(token).isNotEqualTo(sessions.find(other).orElseThrow().formToken().reveal());
    assertThat(parts.database().sql().selectFrom(SESSION).fetch().formatCSV())
        .doesNotContain(token)
        .doesNotContain(one.text());
  }

  @Test
  void aPagesRequestLooksItsSessionUpOnce() {
    SignedIn signedIn = new SignedIn(sessions, URI.create("http://localhost"));
    RandomToken token = sessions.open(ada, credential);
    Router router = Router.router(parts.context().vertx());
    router
        .get()
        .handler(
            BlockingHandler.handler(
                context -> {
                  boolean isThere = signedIn.find(context).isPresent();
                  sessions.close(token);
                  boolean isKnown = signedIn.find(context).isPresent();
                  context.response().end("%s %s".formatted(isThere, isKnown));
                }));
    HttpServer server =
        parts.context().vertx().createHttpServer().requestHandler(router).listen(0).await();
    Map<String, String> cookie = Map.of("cookie", "cinch_session=" + token.text());
    String url = "http://localhost:" + server.actualPort();

    Reply reply = Http.send("GET", url, cookie, "");
    Reply next = Http.send("GET", url, cookie, "");

    server.close().await();
    assertThat(reply.body()).isEqualTo("true true");
    assertThat(next.body()).isEqualTo("false false");
  }

  @ParameterizedTest
  @CsvSource({
    "https://cinch.example, __Host-cinch_session= cinch_session=",
    "http://localhost:8080, cinch_session="
  })
  void signingOutLeavesNoCookieNotEvenTheOneOfAnEarlierRelease(URI baseUrl, String cleared) {
    SignedIn signedIn = new SignedIn(sessions, baseUrl);
    HttpServer server =
        parts
            .context()
            .vertx()
            .createHttpServer()
            .requestHandler(
                request -> {
                  signedIn.end(request.response());
                  request.response().end();
                })
            .listen(0)
            .await();

    Reply reply = Http.send("GET", "http://localhost:" + server.actualPort(), Map.of(), "");

    server.close().await();
    assertThat(reply.headers().allValues("set-cookie"))
        .allMatch(cookie -> cookie.contains("Max-Age=0;"))
        .map(cookie -> cookie.substring(0, cookie.indexOf(';')))
        .containsExactlyInAnyOrder(cleared.split(" "));
  }
}
