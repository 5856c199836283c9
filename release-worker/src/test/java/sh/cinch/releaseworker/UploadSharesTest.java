package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Sources that hardly give anything hold up their own repository, and nobody else's. */
class UploadSharesTest {

  private static final byte[] BYTES = Project.bytes(7, 1_000);

  private final List<HttpServerResponse> dripping = new CopyOnWriteArrayList<>();

  @AfterEach
  void end() {
    dripping.forEach(response -> response.end(Buffer.buffer(BYTES).slice(1, BYTES.length)));
  }

  @Test
  void twoWithSlowSourcesLeaveAPlaceForWhoeverHasNone() {
    askForMoreThanAllPlaces(Project.connected());
    askForMoreThanAllPlaces(Project.connected());
    // Four of one and two of the other, or three of each.
    Project.patiently()
        .atMost(Duration.ofMinutes(2))
        .until(() -> dripping.size() == Stack.UPLOADS - 2);
    Project other = Project.connected();

    String event = other.ask(other.request("app", BYTES));

    other.await(event, DELIVERED);
    assertThat(dripping).isNotEmpty().hasSizeLessThan(Stack.UPLOADS - 1);
  }

  private void askForMoreThanAllPlaces(Project project) {
    ObjectNode request = project.request("0", BYTES);
    for (int i = 1; i <= Stack.UPLOADS; i++) {
      FakeArtifactServer.Artifact slow = project.lay(BYTES);
      slow.answers(this::drip);
      request = project.with(request, "slow" + i, BYTES, slow.source());
    }
    project.ask(request);
  }

  /** What was given up, as on a slow machine, is asked for again. */
  private void drip(HttpServerResponse response) {
    response
        .closeHandler(givenUp -> dripping.remove(response))
        .putHeader("content-length", String.valueOf(BYTES.length))
        .write(Buffer.buffer(BYTES).slice(0, 1));
    dripping.add(response);
  }
}
