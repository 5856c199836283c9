package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.cinch.database.ingress.Tables;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.reconciler.Looking.Watched;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.testkit.PushBody.Change;

/**
 * Repositories whose list of refs takes many requests, and pushes of more than one delivery may.
 */
@OnLooking
class ManyRefsTest {

  private static final int REFS = 1_200;
  private static final int PAGES = REFS / 100;

  private Looking looking;

  ManyRefsTest(Looking looking) {
    this.looking = looking;
  }

  @Test
  void whatOneDeliveryMayNotPublishTheReconcilerDoes() {
    Watched watched = looking.watch();
    List<Pushed> created = push(watched);
    looking.look();
    List<Pushed> moved = push(watched);
    byte[] body =
        watched
            .connected()
            .push(
                IntStream.range(0, REFS)
                    .mapToObj(
                        i ->
                            Change.branch(
                                moved.get(i).ref().substring("refs/heads/".length()),
                                created.get(i).commit(),
                                moved.get(i).commit()))
                    .toArray(Change[]::new));

    assertThat(watched.connected().delivery(body).status()).isEqualTo(202);
    await().until(() -> !logged(watched).isEmpty());
    assertThat(logged(watched))
        .containsExactly(
            "it has 200 changes more than the 1000 that are published of one delivery");
    looking.recorded();
    looking.wait(Looking.A_WHILE);
    looking.look();
    looking.confirm();

    assertThat(byRef(looking.events(watched, REFS), event -> true)).isEqualTo(byRef(moved));
    assertThat(byRef(looking.side.different(watched.connected()), PushEvent::reconciled))
        .as("those that were left")
        .isEqualTo(byRef(moved.subList(RequestLimits.CHANGES, REFS)));
    assertNothingMore(watched, REFS);
  }

  @Test
  void aPushThatWasNotDeliveredAtAllIsPublishedWhole() {
    Watched watched = looking.watch();
    push(watched);
    looking.look();
    List<Pushed> moved = push(watched);

    for (int look = 0; look < 4; look++) {
      looking.wait(Looking.A_WHILE);
      looking.look();
      looking.publish();
    }

    assertThat(byRef(looking.events(watched, REFS), PushEvent::reconciled)).isEqualTo(byRef(moved));
    assertNothingMore(watched, REFS);
  }

  @Test
  void aListThatTheBudgetCutsIsReadOn() {
    try (Looking limited = new Looking(20)) {
      looking = limited;
      isReadOn();
    }
  }

  private void isReadOn() {
    Watched watched = looking.watch();
    List<Pushed> created = push(watched);
    lookUntilDone(watched);
    assertThat(looking.side.records(watched.connected())).as("first sight").isEmpty();
    assertThat(looking.rows(Tables.KNOWN_HEAD)).isEqualTo(REFS);
    assertThat(looking.bitbucket.requests("GET", "*/refs*")).as("each page once").isEqualTo(PAGES);

    String first = looking.push(watched, created.getFirst().ref());
    String last = looking.push(watched, created.getLast().ref());
    looking.delete(watched, created.get(1).ref());
    lookUntilDone(watched);
    lookUntilDone(watched);
    looking.publish();

    assertThat(byRef(looking.events(watched, 2), PushEvent::reconciled))
        .isEqualTo(Map.of(created.getFirst().ref(), first, created.getLast().ref(), last));
  }

  private record Pushed(String ref, String commit) {}

  /** All of them in one. */
  private List<Pushed> push(Watched watched) {
    List<Pushed> pushed = new ArrayList<>();
    looking
        .bitbucket
        .push(
            watched.name(),
            IntStream.range(0, REFS)
                .mapToObj(i -> Map.of("ref", "refs/heads/b%04d".formatted(i)))
                .toList())
        .getJsonArray("changes")
        .forEach(
            change -> {
              JsonObject one = (JsonObject) change;
              pushed.add(new Pushed(one.getString("ref"), one.getString("new")));
            });
    return pushed;
  }

  private static Map<String, String> byRef(List<Pushed> pushed) {
    return pushed.stream().collect(Collectors.toMap(Pushed::ref, Pushed::commit));
  }

  /** Fails where a ref has two. */
  private static Map<String, String> byRef(List<PushEvent> events, Predicate<PushEvent> which) {
    return events.stream()
        .filter(which)
        .collect(Collectors.toMap(PushEvent::ref, event -> String.valueOf(event.newHash())));
  }

  private List<String> logged(Watched watched) {
    return looking
        .side
        .deliveries()
        .page(watched.id(), PageRequest.first(10))
        .map(delivery -> delivery.reason().orElse(""))
        .items();
  }

  private void assertNothingMore(Watched watched, int events) {
    looking.recorded();
    looking.confirm();
    looking.confirm();
    assertThat(looking.side.different(watched.connected())).hasSize(events);
  }

  /** As often as it is due. */
  private void lookUntilDone(Watched watched) {
    double before = looking.looksDone();
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              looking.wait(looking.dueIn(watched).plusSeconds(61));
              looking.look();
              return looking.looksDone() > before;
            });
  }
}
