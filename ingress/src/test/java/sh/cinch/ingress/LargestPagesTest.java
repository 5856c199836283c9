package sh.cinch.ingress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.running.StatusEvents;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.Browser;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseEvent.FileState;
import sh.cinch.schema.event.ReleaseEvent.State;
import sh.cinch.testkit.Reply;

/** Pages and lists where every text is as long as it may be, of characters of four bytes. */
@OnStack
class LargestPagesTest {

  private static final int MIB = 1024 * 1024;
  private static final int STATUSES = 25;
  private static final int RELEASES = 4;

  private final Stack stack;
  private final Api operator;
  private final Browser browser;
  private final UUID id;

  LargestPagesTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    String name = "acme/" + Stack.slug();
    String owner = "owner-" + Stack.slug();
    stack.bitbucket().repository(name);
    stack.bitbucket().person(owner, name, "admin");
    this.browser = stack.browser();
    browser.signIn(owner);
    Reply page =
        browser.post("/connect", Map.of("formToken", browser.formToken(), "repository", name));
    this.id = UUID.fromString(page.body().replaceAll("(?s).*data-id=\"([^\"]+)\".*", "$1"));
  }

  @Test
  void stayWithinAMegabyteAndListEverything() {
    for (int i = 0; i < STATUSES; i++) {
      StatusEvents unit = StatusEvents.of(id, "unit-" + i).ref("refs/heads/" + towers(289));
      stack.write(unit.record(largest(unit.event(1))));
    }
    for (int i = 0; i < RELEASES; i++) {
      stack.write(release("v" + i));
    }

    for (String list : List.of("statuses", "releases")) {
      String address = "/repositories/%s/%s".formatted(id, list);
      int all = list.equals("statuses") ? STATUSES : RELEASES;
      await().until(() -> listed(address, new ArrayList<>()).size() == all);
      List<Integer> pages = new ArrayList<>();
      assertThat(listed(address, pages)).doesNotHaveDuplicates();
      assertThat(pages).hasSizeGreaterThan(1);
      // One item may be as large as a record of Kafka.
      assertThat(Collections.max(pages)).isLessThan(3 * MIB / 2);
    }
    for (String page : List.of("/", "/repositories/" + id)) {
      Reply reply = browser.get(page);
      assertThat(reply.status()).isEqualTo(200);
      assertThat(bytes(reply)).as(page).isBetween(MIB / 20, MIB);
    }
  }

  /** What they are known by, of all pages. */
  private List<String> listed(String address, List<Integer> pages) {
    List<String> found = new ArrayList<>();
    String cursor = "";
    while (cursor != null) {
      Reply page = operator.get(address + "?limit=200" + cursor);
      pages.add(bytes(page));
      for (Object item : page.json().getJsonArray("items")) {
        JsonObject one = (JsonObject) item;
        found.add(one.getString("id", one.getString("key")));
      }
      String next = page.json().getString("next");
      cursor = next == null ? null : "&cursor=" + next;
    }
    return found;
  }

  private static JsonObject largest(JsonObject status) {
    return status
        .put("name", towers(1_000))
        .put("description", towers(10_000))
        .put("url", "https://ci.example.com/" + "x".repeat(2_025))
        .put("outcome", "waiting")
        .put("reason", towers(1_000))
        .put("warnings", new JsonArray(Collections.nCopies(20, towers(1_000))));
  }

  private org.apache.kafka.clients.producer.ProducerRecord<byte[], byte[]> release(String tag) {
    ReleaseEvent.File[] files =
        IntStream.range(0, 501)
            .mapToObj(
                i ->
                    ReleaseEvents.file(
                        "%03d".formatted(i) + towers(190),
                        i < 250 ? FileState.DELIVERED : FileState.FAILED,
                        towers(60),
                        towers(30)))
            .toArray(ReleaseEvent.File[]::new);
    return new ReleaseEvents(id, UUID.randomUUID().toString(), tag)
        .stands(1, State.FAILED, towers(1_000), files);
  }

  private static String towers(int count) {
    return "🗼".repeat(count);
  }

  private static int bytes(Reply reply) {
    return reply.body().getBytes(StandardCharsets.UTF_8).length;
  }
}
