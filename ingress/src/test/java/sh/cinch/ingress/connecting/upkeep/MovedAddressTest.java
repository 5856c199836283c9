package sh.cinch.ingress.connecting.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.ADDRESS;
import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.connecting.upkeep.HookStand.Repo;
import sh.cinch.service.RunningService;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Scale;

/** Cinch has another address than before. */
@OnHookStand
class MovedAddressTest {

  private final HookStand stand;

  MovedAddressTest(HookStand stand) {
    this.stand = stand;
    stand.startAnew();
  }

  @Test
  void webhooksAreMovedAlsoWhereAnInstanceEndsMidway() {
    List<Repo> repos = connectedBefore(Scale.of(12, 30));
    Map<String, String> uuids = uuids(repos);
    repos.stream().skip(6).forEach(this::holdUp);

    RunningService first = stand.start(stand.otherAddress());
    await()
        .atMost(HookStand.SOON.multipliedBy(4))
        .until(() -> stand.at(stand.otherAddress(), repos) == 6);
    assertThat(repos.stream().map(stand::push)).as("at either address").containsOnly(202);
    first.close();
    stand.bitbucket().mend();
    killedWith(repos);
    RunningService second = stand.start(stand.otherAddress());
    // Those that were taken when it ended are free again, and those that Bitbucket held up due.
    stand.clock().advance(UpkeepRows.LOOKED_AT_MOST_EVERY.multipliedBy(2).plusSeconds(1));

    await()
        .atMost(HookStand.SOON.multipliedBy(4))
        .until(() -> stand.at(stand.otherAddress(), repos) == repos.size());
    assertThat(uuids(repos)).isEqualTo(uuids);
    assertThat(stand.made()).isEqualTo(repos.size());
    assertThat(repos.stream().map(stand::push)).containsOnly(202);
    await()
        .atMost(HookStand.SOON)
        .untilAsserted(
            () -> {
              second.wake("hook-signs");
              assertThat(String.join("\n", stand.log().lines()))
                  .contains(repos.size() + " webhooks are to be moved to " + stand.otherAddress())
                  .contains("webhooks were moved to " + stand.otherAddress());
            });
    assertThat(report(second).getJsonArray("toMove")).isEmpty();
    assertThat(report(second).getString("address")).isEqualTo(stand.otherAddress().toString());
  }

  @Test
  void howFarItIsIsShown() {
    List<Repo> repos = connectedBefore(2);
    stand
        .bitbucket()
        .fault(Map.of("method", "PUT", "path", "*/hooks/*", "kind", "status", "status", 503));

    RunningService ingress = stand.start(stand.otherAddress());

    await()
        .atMost(HookStand.SOON)
        .untilAsserted(
            () -> {
              assertThat(report(ingress).getJsonArray("toMove").encode())
                  .contains("{\"address\":\"%s\",\"webhooks\":2}".formatted(stand.address()));
              assertThat(metrics(ingress)).contains("cinch_hooks_moving 2");
            });
    assertThat(stand.notes(ingress, repos.getFirst()))
        .contains("the address %s still".formatted(stand.address()));
    stand.bitbucket().mend();
    stand.look(repos);
    await()
        .atMost(HookStand.SOON)
        .untilAsserted(() -> assertThat(metrics(ingress)).contains("cinch_hooks_moving 0"));
  }

  @Test
  void whoConnectsThereHasOneAlsoAfterDisconnecting() {
    List<Repo> repos = connectedBefore(2);
    Repo repo = repos.getFirst();
    Repo left = repos.getLast();
    String uuid = stand.uuid(repo);
    String url = left.answer().getJsonObject("webhook").getString("url");
    stand.bitbucket().addHook(left.name(), URI.create(url), "whatever it signs with");
    RunningService ingress = stand.withoutUpkeep(stand.otherAddress());

    Repo again = stand.connect(ingress, repo.name(), repo.token());
    stand.operator(ingress).delete("/repositories/" + left.id());
    assertThat(stand.bitbucket().hooks(left.name())).isEmpty();
    stand.connect(ingress, left.name(), left.token());

    assertThat(stand.hook(repo).getString("uuid")).isEqualTo(uuid);
    assertThat(stand.at(stand.otherAddress(), repos)).isEqualTo(2);
    assertThat(again.hook()).isEqualTo(repo.hook());
    assertThat(stand.push(repo)).isEqualTo(202);
  }

  @Test
  void anInstanceOfBeforeTakesNothingBack() {
    RunningService old = stand.start(stand.address());
    List<Repo> repos = stand.connect(old, 3);
    RunningService fresh = stand.beside(stand.otherAddress());
    movedTo(stand.otherAddress(), repos, fresh);

    old.close();
    old = stand.start(stand.address());
    old.wake("address");
    old.wake("hook-signs");
    stand.look(repos);

    assertThat(stand.at(stand.otherAddress(), repos)).isEqualTo(3);
    assertThat(report(old).getString("address")).isEqualTo(stand.otherAddress().toString());
  }

  @Test
  void anAddressThatIsTakenBackIsTheOneOfBeforeAgain() {
    RunningService old = stand.start(stand.address());
    List<Repo> repos = stand.connect(old, 3);
    Map<String, String> uuids = uuids(repos);
    RunningService fresh = stand.beside(stand.otherAddress());
    movedTo(stand.otherAddress(), repos, fresh);

    fresh.close();
    // The old one has been said all the time.
    for (int i = 0; i < 3; i++) {
      stand.clock().advance(Addresses.FORGOTTEN_AFTER.dividedBy(2));
      old.wake("address");
      await()
          .atMost(HookStand.SOON)
          .until(
              () ->
                  stand
                      .database()
                      .sql()
                      .fetchExists(
                          ADDRESS,
                          ADDRESS
                              .URL
                              .eq(stand.address().toString())
                              .and(ADDRESS.SEEN_AT.gt(stand.clock().instant().minusSeconds(60)))));
    }

    movedTo(stand.address(), repos, old);
    assertThat(uuids(repos)).isEqualTo(uuids);
  }

  @Test
  void webhooksOfTheReleaseBeforeAreMovedToo() {
    List<Repo> repos = connectedBefore(2);
    stand.database().sql().deleteFrom(HOOK_UPKEEP).execute();
    stand.database().sql().deleteFrom(ADDRESS).execute();

    RunningService ingress = stand.start(stand.otherAddress());
    await().atMost(HookStand.SOON).until(() -> stand.database().sql().fetchCount(HOOK_UPKEEP) == 2);
    stand.look(repos);

    assertThat(stand.at(stand.otherAddress(), repos)).isEqualTo(2);
    assertThat(ingress.health().problems()).isEmpty();
  }

  @Test
  void whoMadeItByHandIsToldTheNewUrl() {
    RunningService before = stand.withoutUpkeep(stand.address());
    String name = stand.repository();
    Repo repo = stand.connect(before, name, stand.bitbucket().token(name, "repository"));
    stand.log().hide(repo.answer().getJsonObject("manualWebhook").getString("secret"));
    before.close();

    RunningService ingress = stand.start(stand.otherAddress());
    ingress.wake("address");

    await()
        .atMost(HookStand.SOON)
        .untilAsserted(
            () ->
                assertThat(stand.notes(ingress, repo))
                    .contains(
                        "enter the URL %s/webhooks/bitbucket/%s"
                            .formatted(stand.otherAddress(), repo.hook())));
    JsonObject shown =
        stand
            .operator(ingress)
            .post("/repositories/" + repo.id() + "/webhook/secret", new JsonObject())
            .json()
            .getJsonObject("manualWebhook");
    stand.log().hide(shown.getString("secret"));
    assertThat(shown.getString("url")).startsWith(stand.otherAddress().toString());
    assertThat(stand.notes(ingress, repo)).isEqualTo("null");
  }

  /** Bitbucket does not let it be changed for now. */
  private void holdUp(Repo repo) {
    String uuid = repo.answer().getString("uuid").replaceAll("[{}]", "");
    stand
        .bitbucket()
        .fault(
            Map.of(
                "method",
                "PUT",
                "path",
                "*" + uuid + "*/hooks/*",
                "kind",
                "status",
                "status",
                503));
  }

  /** By an instance that has the first address, and has ended. */
  private List<Repo> connectedBefore(int many) {
    RunningService before = stand.withoutUpkeep(stand.address());
    List<Repo> repos = stand.connect(before, many);
    before.close();
    return repos;
  }

  /** One was moved without that being written down, one had been taken and nothing was done. */
  private void killedWith(List<Repo> repos) {
    String was = stand.address().toString();
    for (boolean isMoved : List.of(true, false)) {
      Repo one =
          repos.stream()
              .filter(repo -> stand.at(stand.otherAddress(), List.of(repo)) == (isMoved ? 1 : 0))
              .findFirst()
              .orElseThrow();
      stand
          .database()
          .sql()
          .update(HOOK_UPKEEP)
          .set(HOOK_UPKEEP.ADDRESS, was)
          .set(HOOK_UPKEEP.MOVING, true)
          .set(HOOK_UPKEEP.CLAIM, HOOK_UPKEEP.CLAIM.plus(1))
          .set(HOOK_UPKEEP.DUE_AT, stand.clock().instant().plus(UpkeepRows.CLAIM))
          .where(HOOK_UPKEEP.HOOK_ID.eq(one.hook()))
          .execute();
    }
  }

  private void movedTo(URI address, List<Repo> repos, RunningService by) {
    await()
        .atMost(HookStand.SOON)
        .until(
            () -> {
              by.wake("hook-signs");
              return stand.at(address, repos) == repos.size();
            });
    stand.quiet();
  }

  private Map<String, String> uuids(List<Repo> repos) {
    return repos.stream()
        .map(Repo::name)
        .collect(
            Collectors.toMap(
                Function.identity(),
                name -> stand.bitbucket().hooks(name).getFirst().getString("uuid")));
  }

  private static JsonObject report(RunningService of) {
    return new JsonObject(management(of, "/hooks"));
  }

  private static String metrics(RunningService of) {
    return management(of, "/metrics");
  }

  private static String management(RunningService of, String path) {
    return Http.send("GET", "http://localhost:" + of.managementPort() + path, Map.of(), "").body();
  }
}
