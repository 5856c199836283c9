package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.testkit.PushBody.hash;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.OnSharedServers;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.testkit.PushBody;
import sh.cinch.testkit.PushBody.Change;

@OnSharedServers
class LargeDeliveriesTest {

  private static final int LARGE = 100 * 1024;

  private static TestParts parts;
  private static WebhookSide side;

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

  @Test
  void aThousandChangesArePublishedAndTheLogSaysHowManyAreNot() {
    Connected connected = side.connect();
    Change[] changes =
        IntStream.range(0, RequestLimits.CHANGES + 3)
            .mapToObj(i -> Change.branch("b" + i, hash('a'), hash('b')))
            .toArray(Change[]::new);

    assertThat(connected.delivery(connected.push(changes)).status()).isEqualTo(202);

    assertThat(side.events(connected))
        .extracting(PushEvent::ref)
        .hasSize(RequestLimits.CHANGES)
        .startsWith("refs/heads/b0")
        .endsWith("refs/heads/b999");
    await().until(() -> logged(connected).size() == 1);
    assertThat(logged(connected).get(0).events()).isEqualTo(RequestLimits.CHANGES);
    assertThat(logged(connected).get(0).reason())
        .contains("it has 3 changes more than the 1000 that are published of one delivery");
  }

  @Test
  void aLargeDeliveryIsJudgedAsASmallOne() {
    Connected connected = side.connect();
    byte[] body = connected.push(large());

    assertThat(body).hasSizeGreaterThan(LARGE);
    assertThat(connected.delivery(body).status()).isEqualTo(202);
    assertThat(
            connected.delivery(body).with("X-Hub-Signature", "sha256=" + "0".repeat(64)).status())
        .isEqualTo(401);
    assertThat(connected.delivery(PushBody.bytes("x".repeat(LARGE))).status()).isEqualTo(400);
    assertThat(side.events(connected)).hasSize(large().length);
  }

  private List<LoggedDelivery> logged(Connected connected) {
    return new ArrayList<>(
        side.deliveries().page(connected.repository(), PageRequest.first(10)).items());
  }

  private static Change[] large() {
    return IntStream.range(0, 400)
        .mapToObj(i -> Change.branch("large" + i, hash('a'), hash('b')))
        .toArray(Change[]::new);
  }
}
