package sh.cinch.forge;

import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.trace.Traceparent;

/**
 * Who asks a forge.
 *
 * @param credential in whose name
 * @param purpose what for
 * @param trace each request is its next hop
 * @param failures attempts at the same thing that failed so far, this one included should it fail
 * @param repository whose share is spent as well; empty where it is nobody's but the credential's
 */
public record ForgeCaller(
    UUID credential, Purpose purpose, Traceparent trace, int failures, Optional<UUID> repository) {

  public ForgeCaller(UUID credential, Purpose purpose, Traceparent trace, int failures) {
    this(credential, purpose, trace, failures, Optional.empty());
  }

  /** Of somebody who waits for the answer, and repeats nothing by himself. */
  public static ForgeCaller once(UUID credential, Purpose purpose) {
    return new ForgeCaller(credential, purpose, Traceparent.begin(), 1);
  }

  public ForgeCaller about(UUID one) {
    return new ForgeCaller(credential, purpose, trace, failures, Optional.of(one));
  }
}
