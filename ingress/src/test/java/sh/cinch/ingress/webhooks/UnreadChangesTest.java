package sh.cinch.ingress.webhooks;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.hash;

import java.net.http.HttpResponse;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.testkit.PushBody.Change;

/** What is odd in a push costs itself alone: all that can be read is published. */
@OnSharedServers
class UnreadChangesTest {

  private static final Change MAIN = Change.branch("main", null, hash('a'));
  private static final Change LAST = Change.tag("v1", null, hash('a'));

  private static TestParts parts;
  private static WebhookSide side;

  private Connected connected;

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @BeforeEach
  void connect() {
    connected = side.connect();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          {"old":null,"new":null,"closed":true} | both old and new are missing
          {"new":{"type":"branch","name":"x","target":null},"old":null} | new.target.hash is not 40 lower-case hex digits
          null                                  | the change is not an object
          {"new":{"name":"x"}}                  | new.type is missing
          {"new":{"type":"tag","name":"\\ud83d"}} | new.name has half a surrogate pair
          {"new":{"type":"tag","name":"a\\u001bb","target":{"hash":"HASH"}}} | new.name cannot be published: field 'ref' contains a character that no name can have
          """)
  void theGoodOnesArePublishedAndTheReasonSaysWhatWasNot(String odd, String why) {
    double before = unread();

    HttpResponse<String> answer = connected.delivery(connected.push(MAIN, odd(odd), LAST)).send();

    assertThat(answer.statusCode()).isEqualTo(202);
    assertThat(side.events(connected))
        .extracting(PushEvent::ref)
        .containsExactly("refs/heads/main", "refs/tags/v1");
    LoggedDelivery logged = logged();
    assertThat(logged.events()).isEqualTo(2);
    assertThat(logged.reason())
        .contains("1 of its changes could not be read: in push.changes[1], " + why);
    assertThat(unread()).isEqualTo(before + 1);
  }

  @Test
  void whereNoneCanBeReadThePushIsRefused() {
    double before = unread();
    String why =
        "2 of its changes could not be read: in push.changes[0], the change is not an object;"
            + " in push.changes[1], both old and new are missing";

    HttpResponse<String> answer = connected.delivery(connected.push(odd("7"), odd("{}"))).send();

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).isEqualTo(why + "\n");
    assertThat(side.events(connected)).isEmpty();
    LoggedDelivery logged = logged();
    assertThat(logged.events()).isZero();
    assertThat(logged.reason()).contains(why);
    assertThat(unread()).isEqualTo(before + 2);
  }

  @Test
  void refsThatNoEventCanNameAreRefusedWhereThereIsNoOther() {
    assertThat(
            connected
                .delivery(connected.push(Change.branch("x".repeat(400), null, hash('a'))))
                .send())
        .extracting(HttpResponse::statusCode, HttpResponse::body)
        .containsExactly(
            400,
            "1 of its changes could not be read: in push.changes[0], new.name cannot be"
                + " published: field 'ref' is longer than 300 characters\n");
  }

  @Test
  void whatIsNoBranchOrTagIsPassedOverAndTheOddOnesAreToldOf() {
    Change bookmark = odd("{\"new\":{\"type\":\"bookmark\",\"name\":\"b\"}}");

    assertThat(connected.delivery(connected.push(bookmark, odd("null"))).status()).isEqualTo(200);
    assertThat(logged().reason())
        .contains(
            "1 of its changes could not be read: in push.changes[1], the change is not an object");
  }

  @Test
  void anotherRepositorysPushIsRefusedAsSuchWhateverItsChanges() {
    assertThat(connected.delivery(side.connect().push(odd("null"))).status()).isEqualTo(401);
  }

  @Test
  void theReasonSaysHowManyWereTooManyAndHowManyOdd() {
    Change[] changes = Collections.nCopies(RequestLimits.CHANGES + 6, MAIN).toArray(Change[]::new);
    for (int i = 0; i < 4; i++) {
      changes[i] = odd("null");
    }

    assertThat(connected.delivery(connected.push(changes)).status()).isEqualTo(202);

    LoggedDelivery logged = logged();
    assertThat(logged.events()).isEqualTo(RequestLimits.CHANGES);
    assertThat(logged.reason())
        .contains(
            "it has 2 changes more than the 1000 that are published of one delivery; 4 of its"
                + " changes could not be read: in push.changes[0], the change is not an object;"
                + " in push.changes[1], the change is not an object;"
                + " in push.changes[2], the change is not an object; and 1 more");
  }

  @Test
  void aDeletionMayHaveItsNameAlone() {
    Change deleted =
        odd("{\"old\":{\"type\":\"branch\",\"name\":\"f\"},\"new\":null,\"closed\":true}");

    assertThat(connected.delivery(connected.push(deleted)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(
            PushEvent::ref,
            PushEvent::type,
            PushEvent::change,
            PushEvent::oldHash,
            PushEvent::newHash,
            PushEvent::commit)
        .containsExactly(
            tuple(
                "refs/heads/f", PushEvent.Type.BRANCH, PushEvent.Change.DELETED, null, null, null));
    assertThat(logged().reason()).isEmpty();
  }

  @Test
  void anUpdateIsOneAlsoWhereItDoesNotSayFromWhere() {
    Change updated =
        odd(
            """
            {"old":{"type":"branch","name":"f","target":null},
             "new":{"type":"branch","name":"f","target":{"hash":"%s"}}}
            """
                .formatted(hash('b')));

    assertThat(connected.delivery(connected.push(updated)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::change, PushEvent::oldHash, PushEvent::commit)
        .containsExactly(tuple(PushEvent.Change.UPDATED, null, hash('b')));
  }

  @Test
  void aByteThatIsNoUtf8CostsNoPush() {
    String body =
        body().replace("Fix\\n", "caf\u00e9").replace("{\"push\"", "{\"x\":\"\u00e9\",\"push\"");

    assertThat(connected.delivery(body.getBytes(ISO_8859_1)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::ref, PushEvent::message)
        .containsExactly(tuple("refs/heads/main", "caf\ufffd"));
    assertThat(logged().reason()).isEmpty();
  }

  @Test
  void halfASurrogateCostsNoPush() {
    byte[] body = body().replace("Fix\\n", "a\\ud800b").getBytes(UTF_8);

    assertThat(connected.delivery(body).status()).isEqualTo(202);

    assertThat(side.events(connected)).extracting(PushEvent::message).containsExactly("a\ufffdb");
  }

  @Test
  void aByteOrderMarkCostsNoPush() {
    assertThat(connected.delivery(("\ufeff" + body()).getBytes(UTF_8)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::ref)
        .containsExactly("refs/heads/main");
  }

  @Test
  void aRefIsNeverMended() {
    String body =
        new String(connected.push(MAIN, Change.branch("caf\u00e9", null, hash('a'))), UTF_8);

    assertThat(connected.delivery(body.getBytes(ISO_8859_1)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::ref)
        .containsExactly("refs/heads/main");
    assertThat(logged().reason())
        .contains(
            "1 of its changes could not be read: in push.changes[1], new.name has bytes that are"
                + " not UTF-8");
  }

  @Test
  void aReplacementThatWasSentIsARefsOwn() {
    Change named = Change.branch("a\ufffdb", null, hash('a'));

    assertThat(connected.delivery(connected.push(named)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::ref)
        .containsExactly("refs/heads/a\ufffdb");
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-16LE", "UTF-32BE", "UTF-32LE"})
  void otherEncodingsAreNotJson(String charset) throws Exception {
    assertThat(connected.delivery(body().getBytes(charset)).send())
        .extracting(HttpResponse::statusCode, HttpResponse::body)
        .containsExactly(400, "not UTF-8\n");
  }

  @Test
  void otherEventsAreMendedToo() {
    byte[] body = body().replace("Fix\\n", "caf\u00e9").getBytes(ISO_8859_1);

    assertThat(connected.delivery(body).with("X-Event-Key", "pullrequest:created").status())
        .isEqualTo(200);
  }

  private String body() {
    return new String(connected.push(MAIN), UTF_8);
  }

  private static Change odd(String json) {
    return new Change(json.replace("HASH", hash('a')));
  }

  private LoggedDelivery logged() {
    return await().until(this::deliveries, all -> all.size() == 1).getFirst();
  }

  private List<LoggedDelivery> deliveries() {
    return List.copyOf(
        side.deliveries().page(connected.repository(), PageRequest.first(10)).items());
  }

  private static double unread() {
    return parts.context().metrics().get("cinch.webhook.unread.changes").counter().count();
  }
}
