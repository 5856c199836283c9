package sh.cinch.ingress.webhooks;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.webhooks.publish.Push;
import sh.cinch.ingress.webhooks.publish.PushPublisher;

/** Publishes what Cinch brings itself, in its repository's turn like what the forge delivers. */
record OwnPushes(PushPublisher publisher) {

  private static final Logger log = LoggerFactory.getLogger(OwnPushes.class);

  /** Longer than publishing takes at most, once it is its turn. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  /** Waits for its turn and its end. */
  DeliveryResponse publish(Push push) {
    FutureTask<DeliveryResponse> publishing =
        new FutureTask<>(() -> DeliveryProcessor.answer(publisher.publish(push).join()));
    publisher.inTurn(push.repository().id(), publishing);
    try {
      return publishing.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot publish", e.getCause());
    } catch (TimeoutException e) {
      log.warn("repository={} publishes nothing within {}", push.repository().id(), PATIENCE);
      boolean unused = publishing.cancel(false);
      return DeliveryResponse.NO_ROOM;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return DeliveryResponse.NO_ROOM;
    }
  }
}
