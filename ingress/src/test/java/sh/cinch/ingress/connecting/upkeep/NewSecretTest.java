package sh.cinch.ingress.connecting.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.ingress.connecting.upkeep.HookStand.Repo;
import sh.cinch.service.RunningService;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.Reply;

/** A new secret of a webhook that Cinch made: no push is lost, wherever it ends. */
@OnHookStand
class NewSecretTest {

  private static final Duration OVERLAP = Duration.ofHours(1);

  private final HookStand stand;
  private final RunningService ingress;
  private final Repo repo;
  private final Secret before;

  NewSecretTest(HookStand stand) {
    this.stand = stand;
    ingress = stand.ingress();
    repo = stand.connect(ingress);
    before = secret();
  }

  @Test
  void theOneBeforeIsValidForAnHour() {
    assertThat(renew().status()).isEqualTo(200);

    assertThat(stand.push(repo)).isEqualTo(202);
    assertThat(deliver(before)).isEqualTo(202);
    stand.clock().advance(OVERLAP.plusMinutes(1));

    assertThat(deliver(before)).isEqualTo(401);
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @ParameterizedTest
  @ValueSource(strings = {"status", "lost-response", "reset"})
  void whereBitbucketDoesNotConfirmBothAreValidUntilItDoes(String fault) {
    Map<String, Object> wrong =
        new HashMap<>(Map.of("method", "PUT", "path", "*/hooks/*", "kind", fault));
    if (fault.equals("status")) {
      wrong.put("status", 503);
    }
    stand.bitbucket().fault(wrong);

    Reply answer = renew();
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.json().getString("detail")).contains("goes on telling it by itself");
    assertThat(renew().status()).as("no third one").isEqualTo(503);
    Secret after = secret();
    assertThat(after.matches(before)).isFalse();
    assertThat(stand.notes(ingress, repo)).contains("has not confirmed the new secret");
    stand.clock().advance(Duration.ofDays(2));
    stand.quiet();
    assertThat(deliver(before)).isEqualTo(202);
    assertThat(deliver(after)).isEqualTo(202);
    assertThat(stand.push(repo)).isEqualTo(202);
    stand.bitbucket().mend();
    stand.look(repo);

    assertThat(stand.hooks().isSecretOwed(repo.hook())).isFalse();
    assertThat(stand.push(repo)).isEqualTo(202);
    stand.clock().advance(OVERLAP.plusMinutes(1));
    assertThat(deliver(before)).isEqualTo(401);
    assertThat(stand.push(repo)).as("Bitbucket has the new one").isEqualTo(202);
    assertThat(stand.made()).isEqualTo(1);
  }

  @Test
  void whatBitbucketRefusesIsGivenUp() {
    stand
        .bitbucket()
        .fault(
            Map.of(
                "method", "PUT", "path", "*/hooks/*", "kind", "status", "status", 400, "times", 1));

    assertThat(renew().status()).isEqualTo(422);

    assertThat(secret().matches(before)).isTrue();
    assertThat(stand.hooks().isSecretOwed(repo.hook())).isFalse();
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @Test
  void killedBeforeBitbucketWasToldTheUpkeepTellsIt() {
    new HookAttention(stand.database(), stand.hooks(), stand.clock()).changing(repo.hook());
    Secret after = stand.hooks().secretToTell(repo.hook()).orElseThrow().secret();
    assertThat(stand.push(repo)).isEqualTo(202);

    stand.clock().advance(Duration.ofMinutes(2));

    await().atMost(HookStand.SOON).until(() -> !stand.hooks().isSecretOwed(repo.hook()));
    stand.clock().advance(OVERLAP.plusMinutes(1));
    assertThat(stand.push(repo)).isEqualTo(202);
    assertThat(deliver(after)).isEqualTo(202);
    assertThat(deliver(before)).isEqualTo(401);
  }

  @Test
  void killedBeforeTheAnswerWasWrittenDownIsTheSame() {
    Secret after = stand.hooks().secretToTell(repo.hook()).orElseThrow().secret();
    stand.change(repo, Map.of("secret", after.reveal()));

    stand.look(repo);

    assertThat(stand.hooks().isSecretOwed(repo.hook())).isFalse();
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @Test
  void oneThatWasReplacedWhileBitbucketWasToldOfItIsFollowedByTheOther() {
    Secret after = stand.hooks().secretToTell(repo.hook()).orElseThrow().secret();
    stand.hooks().told(repo.hook(), after);

    assertThat(stand.hooks().told(repo.hook(), before)).as("a late one").isFalse();
    stand.change(repo, Map.of("secret", before.reveal()));
    stand.clock().advance(OVERLAP.multipliedBy(3));
    assertThat(stand.push(repo)).isEqualTo(202);
    stand.look(repo);

    stand.clock().advance(OVERLAP.plusMinutes(1));
    assertThat(stand.push(repo)).isEqualTo(202);
    assertThat(deliver(before)).isEqualTo(401);
  }

  @Test
  void connectingAgainTellsWhatIsOwed() {
    assertThat(stand.hooks().secretToTell(repo.hook())).isPresent();

    stand.connect(ingress, repo.name(), repo.token());

    assertThat(stand.hooks().isSecretOwed(repo.hook())).isFalse();
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  private Reply renew() {
    return stand
        .operator(ingress)
        .post("/repositories/" + repo.id() + "/webhook/secret", new JsonObject());
  }

  private int deliver(Secret with) {
    return stand.deliver(repo, stand.address(), with);
  }

  private Secret secret() {
    return stand.hooks().secret(repo.hook()).orElseThrow();
  }
}
