package sh.cinch.ingress.connecting;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.database.ingress.Tables;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.database.Database;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.testkit.Reply;
import sh.cinch.testkit.ShiftedClock;

@OnStack
class CredentialSweepTest {

  private final Stack stack;
  private final ShiftedClock clock = new ShiftedClock();
  private final CredentialStates credentials;
  private final CredentialSweep sweep;
  private final String name = "acme/" + Stack.slug();

  CredentialSweepTest(Stack stack) {
    this.stack = stack;
    stack.bitbucket().repository(name);
    Database database = stack.context().database();
    credentials = new CredentialStates(database);
    var connections =
        new Connections(
            database,
            new Outbox("test"),
            Site.bitbucketCloud(stack.bitbucket().url(), stack.bitbucket().url()),
            clock);
    var unused =
        new UnusedCredentials(
            connections, new Sessions(database, clock), stack.tokenServiceClient(), stack.leases());
    sweep = new CredentialSweep(connections, credentials, unused, clock);
  }

  @AfterEach
  void tokenServiceIsBack() {
    stack.tokenService().erases(true);
  }

  @Test
  void whatLostItsRepositoryIsErasedOnceTheTokenServiceIsBack() {
    Reply made = connect(token());
    stack.tokenService().erases(false);

    Reply gone = stack.operator().delete("/repositories/" + made.json().getString("id"));
    sweep.run();

    assertThat(gone.json().getJsonArray("notes").encode())
        .contains("The token-service does not answer just now");
    assertThat(stack.tokenService().has(credential(made))).isTrue();

    stack.tokenService().erases(true);
    sweep.run();

    assertThat(stack.tokenService().has(credential(made))).isFalse();
    assertThat(owed(credential(made))).isFalse();
  }

  @Test
  void replacedTokenIsKeptOnceTheTokenServiceIsBack() {
    Reply made = connect(token());
    stack.tokenService().erases(false);
    Reply replaced = connect(token());
    stack.tokenService().erases(true);

    sweep.run();

    assertThat(stack.tokenService().keeps(credential(made))).isTrue();
    assertThat(owed(credential(made))).isFalse();
    assertThat(stack.tokenService().keeps(credential(replaced))).isFalse();
  }

  @Test
  void replacedTokenIsErasedWhereTheTokenServiceIsBackTooLate() {
    Reply made = connect(token());
    stack.tokenService().erases(false);
    Reply replaced = connect(token());
    stack.tokenService().erases(true);

    clock.advance(Duration.ofDays(1));
    sweep.run();

    assertThat(stack.tokenService().has(credential(made))).isFalse();
    assertThat(stack.tokenService().has(credential(replaced))).isTrue();
  }

  @Test
  void ofManyThatWereReplacedTheOldestIsErased() {
    List<UUID> made = IntStream.range(0, 12).mapToObj(i -> credential(connect(token()))).toList();
    assertThat(stack.tokenService().keeps(made.getFirst())).isTrue();

    sweep.run();

    assertThat(stack.tokenService().has(made.getFirst())).isFalse();
    assertThat(made.subList(1, 11)).allMatch(stack.tokenService()::keeps);
    assertThat(stack.tokenService().keeps(made.getLast())).isFalse();
  }

  @Test
  void tokenThatIsConnectedAgainMeanwhileStays() {
    String token = token();
    Reply made = connect(token);
    stack.tokenService().erases(false);
    stack.operator().delete("/repositories/" + made.json().getString("id"));
    stack.tokenService().erases(true);

    Reply again = connect(token);
    sweep.run();

    assertThat(credential(again)).isEqualTo(credential(made));
    assertThat(stack.tokenService().has(credential(again))).isTrue();
    assertThat(owed(credential(again))).isFalse();
  }

  @Test
  void whatConnectedNothingIsErasedAfterADay() {
    String somebody = somebody();
    Browser browser = stack.browser();
    browser.signIn(somebody);
    UUID credential = credentialOf(somebody);
    stack.tokenService().erases(false);
    browser.post("/sign-out", Map.of("formToken", browser.formToken()));
    stack.tokenService().erases(true);
    stack.tell(credential, "oauth", State.HEALTHY, null);
    await().until(() -> credentials.find(credential).isPresent());

    clock.advance(Duration.ofHours(23));
    sweep.run();
    assertThat(stack.tokenService().has(credential)).isTrue();

    clock.advance(Duration.ofHours(2));
    sweep.run();
    assertThat(stack.tokenService().has(credential)).isFalse();
    assertThat(credentials.find(credential)).isEmpty();
  }

  @Test
  void whoIsSignedInKeepsTheirs() {
    String somebody = somebody();
    stack.browser().signIn(somebody);
    UUID credential = credentialOf(somebody);
    stack.tell(credential, "oauth", State.HEALTHY, null);
    await().until(() -> credentials.find(credential).isPresent());

    clock.advance(Duration.ofDays(2));
    sweep.run();

    assertThat(stack.tokenService().has(credential)).isTrue();
  }

  private String somebody() {
    String user = "user-" + Stack.slug();
    stack.bitbucket().person(user, name, "admin");
    return user;
  }

  private UUID credentialOf(String user) {
    return stack
        .context()
        .database()
        .sql()
        .select(Tables.SESSION.CREDENTIAL_ID)
        .from(Tables.SESSION)
        .where(Tables.SESSION.ACCOUNT_NAME.eq(user))
        .fetchSingle(Tables.SESSION.CREDENTIAL_ID);
  }

  private boolean owed(UUID credential) {
    return stack
        .context()
        .database()
        .sql()
        .fetchExists(Tables.ERASURE, Tables.ERASURE.CREDENTIAL_ID.eq(credential));
  }

  private String token() {
    return stack.bitbucket().token(name, "repository", "webhook");
  }

  private Reply connect(String token) {
    return stack
        .operator()
        .post(
            "/repositories",
            new JsonObject()
                .put("forge", "bitbucket-cloud")
                .put("fullName", name)
                .put("token", token));
  }

  private static UUID credential(Reply reply) {
    return UUID.fromString(reply.json().getJsonObject("credential").getString("id"));
  }
}
