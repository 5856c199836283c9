package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.MISSED_PUSH;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.PushEvent.Change;
import sh.cinch.service.RunningService;

/** The reconciler as the service runs it, beside a Bitbucket that delivers. */
@OnLooking
class RunningReconcilerTest {

  private static final Duration SOON = Duration.ofSeconds(30);
  private static final String MAIN = "refs/heads/main";

  private final Looking looking;
  private final Watched watched;

  RunningReconcilerTest(Looking looking) {
    this.looking = looking;
    watched = looking.watch();
    String unused =
        looking.bitbucket.addHook(
            watched.name(), watched.connected().url(), watched.connected().secret().reveal());
  }

  @Test
  void aPayloadThatBitbucketDropsIsFoundWithinTwoMinutes() {
    looking.push(watched, MAIN);
    double looked = looking.looksDone();
    try (RunningService reconciler = reconciler()) {
      await().atMost(SOON).until(() -> looking.looksDone() > looked);
      int before = looking.side.records(watched.connected()).size();

      JsonObject pushed =
          looking.bitbucket.push(
              watched.name(), List.of(Map.of("ref", MAIN, "message", "x".repeat(300_000))));
      assertThat(pushed.getJsonArray("deliveries").getJsonObject(0).getJsonArray("attempts"))
          .as("dropped")
          .isEmpty();
      looking.wait(LookPace.SHORTEST.plusSeconds(1));
      await().atMost(SOON).until(() -> looking.rows(MISSED_PUSH) == 1);
      looking.wait(Looking.A_WHILE);

      PushEvent event = looking.events(watched, before + 1).getLast();
      assertThat(event.reconciled()).isTrue();
      assertThat(event.newHash())
          .isEqualTo(pushed.getJsonArray("changes").getJsonObject(0).getString("new"));
    }
  }

  @Test
  void whatWasPushedWhileCinchWasDownIsFoundOnce() {
    looking.push(watched, MAIN);
    looking.look();
    int before = looking.side.records(watched.connected()).size();
    looking.bitbucket.hooks(watched.name()).stream()
        .map(hook -> hook.getString("uuid"))
        .forEach(hook -> looking.bitbucket.removeHook(watched.name(), hook));
    looking.push(watched, MAIN);
    String newest = looking.push(watched, MAIN);
    looking.push(watched, "refs/heads/new");
    String newestOfNew = looking.push(watched, "refs/heads/new");
    looking.wait(Duration.ofHours(1));

    try (RunningService reconciler = reconciler()) {
      await().atMost(SOON).until(() -> looking.rows(MISSED_PUSH) == 2);
      looking.wait(Looking.A_WHILE);
      looking.events(watched, before + 2);
      looking.recorded();
      looking.wait(Looking.A_WHILE);
      looking.wait(Looking.A_WHILE);
      awaitLook();
    }

    List<PushEvent> events = looking.side.events(watched.connected());
    assertThat(events.subList(before, events.size()))
        .extracting(PushEvent::ref, PushEvent::change, PushEvent::newHash, PushEvent::reconciled)
        .containsExactlyInAnyOrder(
            tuple(MAIN, Change.UPDATED, newest, true),
            tuple("refs/heads/new", Change.CREATED, newestOfNew, true));
  }

  /** One that has begun by now. */
  private void awaitLook() {
    double before = looking.looksDone();
    await().atMost(SOON).until(() -> looking.looksDone() > before);
  }

  private RunningService reconciler() {
    RunningService service = new RunningService("ingress", looking.parts.context());
    Reconciler.start(
        looking.parts.context(),
        looking.connections,
        looking.forge,
        looking.outbox,
        looking.heldEnd(),
        looking.progress::recordedUntil,
        () -> {},
        service);
    return service;
  }
}
