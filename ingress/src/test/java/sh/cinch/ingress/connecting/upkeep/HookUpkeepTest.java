package sh.cinch.ingress.connecting.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DELIVERY;
import static sh.cinch.database.ingress.Tables.HOOK;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.ingress.connecting.upkeep.HookStand.Repo;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.ConnectionEvent.Health;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Scale;
import sh.cinch.testkit.TopicReader;

/** What people do to a webhook on Bitbucket's page, and what becomes of it. */
@OnHookStand
class HookUpkeepTest {

  private static final URI ELSEWHERE = URI.create("https://builds.example/hook");

  private final HookStand stand;
  private final RunningService ingress;

  HookUpkeepTest(HookStand stand) {
    this.stand = stand;
    this.ingress = stand.ingress();
  }

  @Test
  void oneThatIsAsItShouldBeIsLeftAlone() {
    Repo repo = stand.connect(ingress);
    int changes = stand.bitbucket().requests("PUT", "*/hooks/*");

    stand.look(repo);

    assertThat(stand.bitbucket().requests("PUT", "*/hooks/*")).isEqualTo(changes);
    assertThat(stand.row(repo).getGoodAt()).isNotNull();
    assertThat(stand.shown(ingress, repo).containsKey("notes")).isFalse();
  }

  @Test
  void oneThatWasRemovedIsMadeAgainOnceTwoLooksAgree() {
    Repo repo = stand.connect(ingress);
    assertThat(stand.push(repo)).isEqualTo(202);
    String before = stand.uuid(repo);
    stand.bitbucket().removeHook(repo.name(), before);

    stand.look(repo);
    assertThat(stand.bitbucket().hooks(repo.name())).isEmpty();
    assertThat(stand.shown(ingress, repo).getString("state")).isEqualTo("waiting");
    assertThat(stand.notes(ingress, repo)).contains("does not list it any more");
    stand.lookAgain(repo);

    JsonObject after = stand.hook(repo);
    assertThat(after.getString("uuid")).isNotEqualTo(before);
    assertThat(after.getString("url"))
        .isEqualTo(repo.answer().getJsonObject("webhook").getString("url"));
    assertThat(stand.push(repo)).as("with the secret before").isEqualTo(202);
    JsonObject shown = stand.shown(ingress, repo);
    assertThat(shown.getString("state")).isEqualTo("healthy");
    assertThat(shown.getJsonArray("uuids").encode()).contains(before, after.getString("uuid"));
    assertThat(stand.notes(ingress, repo)).contains("made it again");
    await()
        .atMost(HookStand.SOON)
        .untilAsserted(
            () -> {
              List<ConnectionEvent.Hook> told = told(repo);
              assertThat(told).extracting(ConnectionEvent.Hook::health).contains(Health.WAITING);
              assertThat(told.getLast().uuid()).isEqualTo(after.getString("uuid"));
              assertThat(told.getLast().health()).isEqualTo(Health.HEALTHY);
            });
  }

  @Test
  void itIsMadeAgainOnceADayAtMost() {
    Repo repo = stand.connect(ingress);
    remade(repo);
    stand.bitbucket().removeHook(repo.name(), stand.uuid(repo));

    stand.look(repo);
    stand.lookAgain(repo);
    assertThat(stand.bitbucket().hooks(repo.name())).isEmpty();
    stand.clock().advance(HookMending.ONCE_IN);
    stand.look(repo);
    stand.lookAgain(repo);

    assertThat(stand.hook(repo).getBoolean("active")).isTrue();
  }

  @Test
  void aUuidThatIsGoneIsForgottenOnceTheNewOneIsThere() {
    Repo repo = stand.connect(ingress);
    stand.push(repo);
    String before = remade(repo);
    assertThat(stand.push(repo)).isEqualTo(202);

    stand.clock().advance(Duration.ofHours(2));
    stand.look(repo);

    assertThat(stand.shown(ingress, repo).getJsonArray("uuids").encode())
        .doesNotContain(before)
        .contains(stand.uuid(repo));
  }

  @Test
  void whileTheRepositoryDoesNotAnswerNothingIsMade() {
    Repo repo = stand.connect(ingress);
    stand.bitbucket().removeHook(repo.name(), stand.uuid(repo));
    int made = stand.made();

    stand.look(repo);
    stand
        .bitbucket()
        .fault(
            Map.of("path", "/2.0/repositories/%7B*%7D/%7B*%7D", "kind", "status", "status", 404));
    stand.lookAgain(repo);

    assertThat(stand.made()).isEqualTo(made);
    stand.bitbucket().mend();
    stand.lookAgain(repo);
    assertThat(stand.made()).isEqualTo(made + 1);
  }

  private static Stream<String> sharedAnswers() {
    return Stream.of("404", "empty", "403", "garbage", "500").limit(Scale.of(2, 5));
  }

  @ParameterizedTest
  @MethodSource("sharedAnswers")
  void whatAllMissAtOnceIsAnOutage(String answer) {
    List<Repo> repos = stand.connect(ingress, Scale.of(4, 6));
    int made = stand.made();
    int changed = changed();
    stand
        .bitbucket()
        .fault(
            switch (answer) {
              case "empty" ->
                  Map.of(
                      "method",
                      "GET",
                      "path",
                      "*/hooks",
                      "kind",
                      "status",
                      "status",
                      200,
                      "body",
                      "{\"values\":[]}",
                      "headers",
                      Map.of("Content-Type", "application/json"));
              case "garbage" -> Map.of("method", "GET", "path", "*/hooks", "kind", "garbage");
              default ->
                  Map.of(
                      "method",
                      "GET",
                      "path",
                      "*/hooks",
                      "kind",
                      "status",
                      "status",
                      Integer.parseInt(answer));
            });

    for (int i = 0; i < Scale.of(3, 5); i++) {
      stand.look(repos);
      stand.clock().advance(Duration.ofMinutes(11));
    }

    assertThat(stand.made()).isEqualTo(made);
    assertThat(changed()).isEqualTo(changed);
    stand.bitbucket().mend();
    stand.look(repos);
    stand.quiet();
    assertThat(stand.made()).isEqualTo(made);
    repos.forEach(repo -> assertThat(stand.row(repo).getTrouble()).isNull());
  }

  private int changed() {
    return Stream.of("PUT", "DELETE")
        .mapToInt(method -> stand.bitbucket().requests(method, "*/hooks/*"))
        .sum();
  }

  @Test
  void amongOthersOneThatIsMissingIsMadeAgain() {
    List<Repo> repos = stand.connect(ingress, 6);
    Repo gone = repos.getFirst();
    stand.bitbucket().removeHook(gone.name(), stand.uuid(gone));

    stand.look(gone);
    stand.quiet();
    stand.lookAgain(gone);

    assertThat(stand.hook(gone).getBoolean("active")).isTrue();
  }

  @Test
  void whatSomebodyRemovedFromManyIsMadeAgainAfterHours() {
    List<Repo> repos = stand.connect(ingress, Scale.of(4, 6));
    repos.forEach(repo -> stand.bitbucket().removeHook(repo.name(), stand.uuid(repo)));

    stand.look(repos);
    stand.clock().advance(MissingHooks.OUTAGE_AT_MOST.plusMinutes(1));
    stand.look(repos);

    repos.forEach(repo -> assertThat(stand.hook(repo).getBoolean("active")).isTrue());
  }

  @Test
  void oneThatWasMadeButNotWrittenDownIsFoundAndKept() {
    Repo repo = stand.connect(ingress);
    String before = stand.uuid(repo);
    stand.bitbucket().removeHook(repo.name(), before);
    stand.look(repo);
    // Made, and killed before its answer was written down.
    String made =
        stand
            .bitbucket()
            .addHook(
                repo.name(),
                URI.create(repo.answer().getJsonObject("webhook").getString("url")),
                "whatever it signs with");
    int calls = stand.made();

    stand.lookAgain(repo);

    assertThat(stand.made()).isEqualTo(calls);
    assertThat(stand.uuid(repo)).isEqualTo(made);
    assertThat(stand.hooks().find(repo.hook()).orElseThrow().forgeUuid().orElseThrow().value())
        .isEqualTo(made);
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @Test
  void anAnswerThatIsLostLeavesNoSecondOne() {
    Repo repo = stand.connect(ingress);
    stand.bitbucket().removeHook(repo.name(), stand.uuid(repo));
    stand.look(repo);
    stand
        .bitbucket()
        .fault(Map.of("method", "POST", "path", "*/hooks", "kind", "lost-response", "times", 1));

    stand.lookAgain(repo);
    stand.lookAgain(repo);
    stand.lookAgain(repo);

    assertThat(stand.push(repo)).isEqualTo(202);
    assertThat(stand.hooks().find(repo.hook()).orElseThrow().forgeUuid().orElseThrow().value())
        .isEqualTo(stand.uuid(repo));
  }

  @Test
  void oneThatIsSwitchedOffIsSwitchedOnOnceADay() {
    Repo repo = stand.connect(ingress);
    stand.change(repo, Map.of("active", false));

    stand.look(repo);
    assertThat(stand.hook(repo).getBoolean("active")).isTrue();
    assertThat(stand.notes(ingress, repo)).contains("switched it on again");
    assertThat(stand.push(repo)).isEqualTo(202);
    stand.change(repo, Map.of("active", false));
    stand.look(repo);
    assertThat(stand.hook(repo).getBoolean("active")).isFalse();
    assertThat(stand.notes(ingress, repo)).contains("It is switched off");
    assertThat(stand.shown(ingress, repo).getString("state")).isEqualTo("waiting");
    stand.clock().advance(HookMending.ONCE_IN);
    stand.look(repo);

    assertThat(stand.hook(repo).getBoolean("active")).isTrue();
    assertThat(stand.shown(ingress, repo).getString("state")).isEqualTo("healthy");
  }

  @Test
  void itsEventsItsUrlAndItsSecretAreSetAgain() {
    List<Repo> repos = stand.connect(ingress, 3);
    stand.change(repos.get(0), Map.of("events", List.of("repo:fork")));
    stand.change(repos.get(1), Map.of("url", ELSEWHERE.toString()));
    stand.change(repos.get(2), Map.of("secret", ""));

    stand.look(repos);

    for (Repo repo : repos) {
      assertThat(stand.hook(repo).getJsonArray("events")).containsExactly("repo:push");
      assertThat(stand.push(repo)).as(repo.name()).isEqualTo(202);
      assertThat(stand.notes(ingress, repo)).contains("on Bitbucket again");
    }
    stand.change(repos.getFirst(), Map.of("events", List.of("repo:fork")));
    stand.look(repos.getFirst());
    assertThat(stand.hook(repos.getFirst()).getJsonArray("events")).containsExactly("repo:fork");
    assertThat(stand.notes(ingress, repos.getFirst())).contains("It was changed on Bitbucket");
  }

  @Test
  void anotherSecretIsSetRightAfterARefusedDelivery() {
    Repo repo = stand.connect(ingress);
    stand.change(repo, Map.of("secret", "somebody's own"));
    assertThat(stand.push(repo)).isEqualTo(401);

    await()
        .atMost(HookStand.SOON)
        .untilAsserted(
            () -> {
              ingress.wake("hook-signs");
              assertThat(stand.row(repo).getCorrectedAt()).isNotNull();
            });

    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @Test
  void aSecondOneIsRemovedAndTheOneThatWorksIsKept() {
    Repo repo = stand.connect(ingress);
    String first = stand.uuid(repo);
    stand.change(repo, Map.of("active", false));
    String second =
        stand
            .bitbucket()
            .addHook(
                repo.name(),
                URI.create(repo.answer().getJsonObject("webhook").getString("url")),
                stand.hooks().secret(repo.hook()).orElseThrow().reveal());

    stand.look(repo);

    assertThat(stand.uuid(repo)).isEqualTo(second).isNotEqualTo(first);
    assertThat(stand.push(repo)).isEqualTo(202);
    assertThat(stand.notes(ingress, repo)).contains("removed a second one");
  }

  @Test
  void thoseOfOthersAreLeftAlone() {
    Repo repo = stand.connect(ingress);
    String others = stand.bitbucket().addHook(repo.name(), ELSEWHERE, "a secret of its own");
    String otherCinchs =
        stand
            .bitbucket()
            .addHook(
                repo.name(),
                URI.create("https://ci.example/webhooks/bitbucket/" + repo.hook()),
                "a secret of its own");

    stand.look(repo);

    assertThat(stand.bitbucket().hooks(repo.name()))
        .extracting(hook -> hook.getString("uuid"))
        .contains(others, otherCinchs)
        .hasSize(3);
  }

  @Test
  void oneThatPeopleMadeIsReportedAndNeverTouched() {
    String name = stand.repository();
    Repo repo = stand.connect(ingress, name, stand.bitbucket().token(name, "repository"));
    JsonObject manual = repo.answer().getJsonObject("manualWebhook");
    stand.log().hide(manual.getString("secret"));
    stand
        .bitbucket()
        .addHook(repo.name(), URI.create(manual.getString("url")), manual.getString("secret"));

    stand.look(repo);

    assertThat(stand.row(repo).getTrouble()).as("403 is no fault").isNull();
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @Test
  void whereCinchMayLookItSaysWhatIsWrongWithAWebhookThatPeopleMade() {
    Repo repo = stand.connect(ingress);
    stand.database().sql().update(HOOK).set(HOOK.MANAGED, false).execute();
    JsonObject before = stand.hook(repo);
    stand.change(repo, Map.of("active", false));
    int changes = stand.bitbucket().requests("PUT", "*/hooks/*");

    stand.look(repo);
    assertThat(stand.notes(ingress, repo)).contains("Switch it on under Repository settings");
    stand.change(repo, Map.of("active", true));
    stand
        .bitbucket()
        .addHook(repo.name(), URI.create(before.getString("url")), "whatever it signs with");
    stand.look(repo);
    assertThat(stand.notes(ingress, repo)).contains("There are two on Bitbucket");
    stand
        .bitbucket()
        .hooks(repo.name())
        .forEach(hook -> stand.bitbucket().removeHook(repo.name(), hook.getString("uuid")));
    stand.look(repo);
    stand.lookAgain(repo);

    assertThat(stand.notes(ingress, repo)).contains("lists no webhook that leads here");
    assertThat(stand.bitbucket().hooks(repo.name())).isEmpty();
    assertThat(stand.bitbucket().requests("PUT", "*/hooks/*")).isEqualTo(changes);
  }

  @Test
  void thatCinchMayNotLookIsSaidAfterADay() {
    Repo repo = stand.connect(ingress);
    stand
        .bitbucket()
        .fault(Map.of("method", "GET", "path", "*/hooks", "kind", "status", "status", 403));

    stand.look(repo);
    assertThat(stand.row(repo).getTrouble()).isNull();
    stand.clock().advance(HookMending.ONCE_IN);
    stand.look(repo);

    assertThat(stand.notes(ingress, repo)).contains("does not let Cinch look");
    stand.bitbucket().mend();
    stand.look(repo);
    assertThat(stand.row(repo).getTrouble()).isNull();
  }

  @Test
  void refusedDeliveriesBringALookForwardOnceInTenMinutes() {
    Repo repo = stand.connect(ingress);
    stand.change(repo, Map.of("secret", "somebody's own"));
    stand
        .bitbucket()
        .fault(Map.of("method", "GET", "path", "*/hooks", "kind", "status", "status", 503));
    stand.push(repo);
    await()
        .atMost(HookStand.SOON)
        .untilAsserted(
            () -> {
              ingress.wake("hook-signs");
              assertThat(stand.row(repo).getLookedAt()).isNotNull();
            });
    stand.quiet();
    long claim = stand.row(repo).getClaim();

    stand.push(repo);
    await().until(() -> refused(repo) == 2);
    for (int i = 0; i < 5; i++) {
      ingress.wake("hook-signs");
      stand.quiet();
    }

    assertThat(stand.row(repo).getClaim()).isEqualTo(claim);
  }

  private int refused(Repo repo) {
    return stand
        .database()
        .sql()
        .fetchCount(DELIVERY, DELIVERY.HOOK_ID.eq(repo.hook()).and(DELIVERY.ANSWER.eq(401)));
  }

  @Test
  void twoInstancesMakeOne() {
    RunningService other = stand.beside(stand.address());
    List<Repo> repos = stand.connect(ingress, 4);
    Repo gone = repos.getFirst();
    stand.bitbucket().removeHook(gone.name(), stand.uuid(gone));
    int made = stand.made();

    stand.look(gone);
    stand.quiet();
    stand.lookAgain(gone);

    assertThat(stand.made()).isEqualTo(made + 1);
    assertThat(other.health().problems()).isEmpty();
  }

  @Test
  void whatOneInstanceLeftIsAnothersToTake() {
    Repo repo = stand.connect(ingress);
    stand.change(repo, Map.of("active", false));
    // As where an instance was killed with it in hand.
    stand
        .database()
        .sql()
        .update(HOOK_UPKEEP)
        .set(HOOK_UPKEEP.CLAIM, HOOK_UPKEEP.CLAIM.plus(1))
        .set(HOOK_UPKEEP.DUE_AT, stand.clock().instant().plus(UpkeepRows.CLAIM))
        .execute();

    stand.clock().advance(UpkeepRows.CLAIM.plusSeconds(1));

    await()
        .atMost(HookStand.SOON)
        .untilAsserted(() -> assertThat(stand.hook(repo).getBoolean("active")).isTrue());
  }

  @Test
  void nobodyLooksAfterWhatIsDisconnected() {
    Repo repo = stand.connect(ingress);
    assertThat(stand.operator(ingress).delete("/repositories/" + repo.id()).status())
        .isEqualTo(200);

    stand.clock().advance(Duration.ofDays(1));

    await().atMost(HookStand.SOON).until(() -> stand.database().sql().fetchCount(HOOK_UPKEEP) == 0);
    assertThat(stand.bitbucket().hooks(repo.name())).isEmpty();
  }

  @Test
  void connectionsOfTheReleaseBeforeAreLookedAfterToo() {
    Repo repo = stand.connect(ingress);
    stand.database().sql().deleteFrom(HOOK_UPKEEP).execute();

    stand.clock().advance(Duration.ofHours(2));
    ingress.wake("hook-signs");

    await().atMost(HookStand.SOON).until(() -> stand.database().sql().fetchExists(HOOK_UPKEEP));
    assertThat(stand.row(repo).getDueAt()).isAfter(stand.clock().instant().minusSeconds(60));
  }

  /** Its UUID before. */
  private String remade(Repo repo) {
    String before = stand.uuid(repo);
    stand.bitbucket().removeHook(repo.name(), before);
    stand.look(repo);
    stand.lookAgain(repo);
    assertThat(stand.uuid(repo)).isNotEqualTo(before);
    return before;
  }

  private List<ConnectionEvent.Hook> told(Repo repo) {
    try (TopicReader reader = new TopicReader(stand.kafka(), List.of(Topic.CONNECTION))) {
      return reader.events(Topic.CONNECTION).stream()
          .filter(event -> event.repository().id().toString().equals(repo.id()))
          .map(ConnectionEvent::hook)
          .toList();
    }
  }

  /** Words in rows and constants are the same. */
  @Test
  void everyTroubleCanBeWritten() {
    Repo repo = stand.connect(ingress);
    for (HookTrouble trouble : HookTrouble.values()) {
      stand.database().sql().update(HOOK_UPKEEP).set(HOOK_UPKEEP.TROUBLE, trouble.word()).execute();
      assertThat(stand.hooks().find(repo.hook()).orElseThrow().trouble()).contains(trouble);
      assertThat(stand.notes(ingress, repo)).hasSizeGreaterThan(50);
    }
  }
}
