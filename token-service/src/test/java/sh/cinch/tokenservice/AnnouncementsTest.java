package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.schema.event.CredentialEvent;
import sh.cinch.schema.event.CredentialEvent.State;

/** What the rest of Cinch reads on {@code cinch.credential.v1}. */
class AnnouncementsTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterEach
  void close() {
    stack.close();
  }

  @Test
  void everyChangeOfStateIsAnnouncedOnceAndInOrder() {
    UUID credential = stack.connect(instance, "ada");
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);
    stack.forge.setting("revokeGrant", "ada");
    stack.clock.advance(Duration.ofHours(3));
    instance.lease(credential);
    instance.exchange(stack.forge.authorize("ada"));
    instance.erase(credential);

    List<CredentialEvent> events =
        await()
            .until(
                () ->
                    Backends.events().stream()
                        .filter(event -> event.credentialId().equals(credential))
                        .toList(),
                announced -> announced.size() >= 4);
    assertThat(events)
        .extracting(CredentialEvent::state)
        .containsExactly(State.HEALTHY, State.UNCLEAR, State.HEALTHY, State.REVOKED);
    assertThat(events.get(1).reason()).contains("refused");
  }
}
