package sh.cinch.ingress.webhooks.delivery;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * The question whether a body came before, with its answer once that is known.
 *
 * @see Deliveries#answer
 */
public final class SameBody {

  final UUID hookId;
  final byte[] bodySha256;
  final Instant since;
  private Optional<Came> came = Optional.empty();

  /**
   * When it came.
   *
   * @param first as far as the log goes back
   * @param last since the moment that was asked for, as that of a push
   */
  public record Came(Instant first, Optional<Instant> last) {}

  public SameBody(UUID hookId, byte[] bodySha256, Instant since) {
    this.hookId = hookId;
    this.bodySha256 = bodySha256;
    this.since = since;
  }

  void is(Came answer) {
    came = Optional.of(answer);
  }

  /** Empty where it did not come before. */
  public Optional<Came> came() {
    return came;
  }
}
