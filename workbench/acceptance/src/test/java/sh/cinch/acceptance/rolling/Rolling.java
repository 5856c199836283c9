package sh.cinch.acceptance.rolling;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import sh.cinch.acceptance.rolling.Check.Report;
import sh.cinch.acceptance.rolling.Fleet.Member;
import sh.cinch.acceptance.rolling.Fleet.Release;
import sh.cinch.acceptance.rolling.Fleet.Service;
import sh.cinch.acceptance.rolling.Load.Accepted;
import sh.cinch.acceptance.rolling.Load.Released;
import sh.cinch.schema.status.StatusKey;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.text.EnumWord;
import sh.cinch.testkit.Proof;
import sh.cinch.testkit.SimulatedBitbucket.StoredFile;
import sh.cinch.testkit.TopicReader;

/** From one release to the other and back, under load. */
final class Rolling implements AutoCloseable {

  /** So many reports come while both releases are at work. */
  private static final int SIDE_BY_SIDE = 40;

  /** A killed worker's claims hold for forty seconds. */
  private static final Duration REST = Duration.ofSeconds(100);

  private static final Pattern HANDED_BACK =
      Pattern.compile("0\\.1\\.0: (\\d+) statuses\\R.*: (\\d+)\\R.*: (\\d+)\\R");

  private final Fleet fleet;
  private final Load load;
  private final Release former;
  private final Release current;
  private final TopicReader topics;
  private Instant from = Instant.MAX;
  private int replaced;

  Rolling(Fleet fleet, Load load, Release former, Release current) {
    this.fleet = fleet;
    this.load = load;
    this.former = former;
    this.current = current;
    this.topics = new TopicReader(fleet.servers.kafka(), List.of(Topic.PUSH, Topic.DEAD_LETTER));
  }

  void run() {
    load.resume();
    goOn();
    rest(true);

    forward(Service.STATUS_WORKER);
    rest(false);

    from = Instant.now();
    Matcher handedBack = back();
    goOn();
    rest(true);

    forward(Service.INGRESS);
    Shown shown = rest(false);
    checkTheRest(shown);
    tell(shown, handedBack);
  }

  /** The workers first; one instance of a service is killed. */
  private void forward(Service killed) {
    load.tellWhatWasKept();
    for (Service service : Service.values()) {
      replace(service, former, current, service == killed);
      if (service == Service.STATUS_WORKER) {
        load.isForSeveralRefs(true);
      }
    }
    goOn();
    load.isForSeveralRefs(false);
  }

  private Matcher back() {
    load.tellWhatWasKept();
    replace(Service.INGRESS, current, former, false);
    fleet.members(Service.STATUS_WORKER, current).forEach(fleet::stop);
    String said = fleet.handBack(current);
    Member one = fleet.start(Service.STATUS_WORKER, former);
    Member other = fleet.start(Service.STATUS_WORKER, former);
    assertThat(one).isNotEqualTo(other);
    replaced += 2;
    replace(Service.RELEASE_WORKER, current, former, true);
    replace(Service.TOKEN_SERVICE, current, former, false);
    Matcher handedBack = HANDED_BACK.matcher(said);
    assertThat(handedBack.find()).as(said).isTrue();
    return handedBack;
  }

  private void replace(Service service, Release from, Release to, boolean isKilled) {
    boolean kill = isKilled;
    for (Member member : fleet.members(service, from)) {
      Member unused = fleet.start(service, to);
      replaced++;
      goOn();
      if (kill) {
        fleet.kill(member);
      } else {
        fleet.stop(member);
      }
      kill = false;
    }
  }

  private void goOn() {
    int before = load.reports();
    await().atMost(REST).until(() -> load.reports() >= before + SIDE_BY_SIDE);
  }

  /**
   * @param isFormer whether release 0.1.0 is at work
   */
  private Shown rest(boolean isFormer) {
    load.pause();
    await()
        .atMost(REST)
        .pollInterval(Duration.ofMillis(500))
        .untilAsserted(() -> assertThat(new Shown(load, fleet).wrong(isFormer)).isEmpty());
    Shown shown = new Shown(load, fleet);
    assertThat(shown.covered(from, Instant.MAX)).isEmpty();
    await().atMost(REST).untilAsserted(this::everyReleaseIsWhole);
    await().atMost(REST).untilAsserted(this::everyPushIsThereOnce);
    assertThat(topics.records(Topic.DEAD_LETTER)).isEmpty();
    load.resume();
    return shown;
  }

  private void everyPushIsThereOnce() {
    Map<Accepted, Set<String>> events =
        topics.records(Topic.PUSH).stream()
            .collect(
                groupingBy(
                    record -> {
                      JsonObject push = new JsonObject(new String(record.value(), UTF_8));
                      return new Accepted(push.getString("ref"), push.getString("commit"));
                    },
                    mapping(record -> TopicReader.header(record, "ce_id").orElseThrow(), toSet())));
    assertThat(load.accepted)
        .allSatisfy(
            push -> assertThat(events.getOrDefault(push, Set.of())).as("%s", push).hasSize(1));
  }

  private void everyReleaseIsWhole() {
    Map<String, StoredFile> downloads = fleet.bitbucket.downloads(load.fullName);
    for (Released release : load.releases) {
      for (String name : release.files()) {
        assertThat(downloads.get(name))
            .as(name)
            .isNotNull()
            .returns(Load.CONTENT_SHA256, StoredFile::sha256);
      }
    }
  }

  /** What this release says of it all. */
  private void checkTheRest(Shown shown) {
    load.pause();
    await()
        .atMost(REST)
        .untilAsserted(
            () -> {
              Map<Shown.Place, JsonObject> said = said();
              assertThat(said).hasSameSizeAs(shown.places().keySet());
              shown
                  .places()
                  .forEach(
                      (place, check) ->
                          assertSaid(place, check, said.getOrDefault(place, new JsonObject())));
              load.releases.forEach(
                  release ->
                      assertThat(
                              load.ask("GET", "/releases/" + release.id(), Map.of(), new byte[0])
                                  .text("state"))
                          .isEqualTo("delivered"));
            });
  }

  private Map<Shown.Place, JsonObject> said() {
    Map<Shown.Place, JsonObject> said = new HashMap<>();
    String path = "/repositories/" + load.repository + "/statuses?limit=200";
    Optional<String> next = Optional.of("");
    while (next.isPresent()) {
      JsonObject page = load.ask("GET", path + next.get(), Map.of(), new byte[0]).json();
      for (Object item : page.getJsonArray("items")) {
        JsonObject status = (JsonObject) item;
        String key = status.getString("key");
        // What 0.1.0 posted and nobody since, that did not write down: it is the key's first.
        JsonObject shown =
            status.getJsonObject("shown", new JsonObject().put("key", StatusKey.first(key)));
        said.put(new Shown.Place(status.getString("commit"), shown.getString("key")), status);
      }
      next =
          Optional.ofNullable(page.getString("next"))
              .map(cursor -> "&cursor=" + URLEncoder.encode(cursor, UTF_8));
    }
    return said;
  }

  private static void assertSaid(Shown.Place place, Check check, JsonObject said) {
    Report wanted = check.wanted().orElseThrow();
    assertThat(said.getString("outcome"))
        .as("%s of %s is %s", place, check, said)
        .isEqualTo("delivered");
    assertThat(said.getString("wanted")).isEqualTo(EnumWord.word(wanted.state()));
    assertThat(said.getString("url")).isEqualTo(check.url(wanted));
    assertThat(said.getString("ref")).isEqualTo(check.ref());
    JsonObject shown = said.getJsonObject("shown");
    if (shown != null) {
      assertThat(shown.getString("state")).isEqualTo(Shown.inWords(wanted.state()));
    }
  }

  private void tell(Shown shown, Matcher handedBack) {
    Proof.of("Rolled from release 0.1.0 to this one, back, and forward again")
        .that(
            ("Processes of both releases on one broker, one database and one Bitbucket, under load"
                    + " throughout: each instance is replaced by one of the other release with both"
                    + " at work for %d reports, and on each way one is killed with SIGKILL; builds"
                    + " tell late, repeatedly, backwards and across the stages; what 0.1.0 shows of"
                    + " two refs under one key is not looked at while it is alone")
                .formatted(SIDE_BY_SIDE))
        .figure("instances replaced", replaced)
        .figure("reports of builds", load.reports())
        .figure("pushes accepted, each on the topic once", load.accepted.size())
        .figure("releases asked for, each whole", load.releases.size())
        .figure("statuses, each right and once on Bitbucket at every stage's rest", shown.checks())
        .figure("of these of refs that share a key with another", shown.ofSeveralRefs())
        .figure("writes of statuses on Bitbucket", shown.writes())
        .figure("writes of a state over a newer one of the same builds", 0)
        .figure(
            "statuses handed back; of these due; of further refs due",
            "%s; %s; %s".formatted(handedBack.group(1), handedBack.group(2), handedBack.group(3)))
        .figure("dead letters", 0)
        .written();
  }

  @Override
  public void close() {
    topics.close();
  }
}
