package sh.cinch.ingress.webhooks;

import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.HookUuid;
import sh.cinch.ingress.webhooks.delivery.KeptHeaders;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.trace.Traceparent;

/**
 * What the headers of a delivery say. The signature does not cover them: anybody who has one body
 * with its signature can send it again under other headers.
 *
 * @param eventKey {@code repo:push}; {@value #NONE} where it is absent or no key
 * @param requestId what {@code X-Request-UUID} says, if it could be one
 * @param attempt which try of the forge it says this is; 1 where it does not
 * @param trace this hop of the sender's trace, or of a new one
 * @param kept for the log, as they came
 */
record DeliveryHeaders(
    String eventKey,
    Optional<HookUuid> hookUuid,
    Optional<String> requestId,
    int attempt,
    @Nullable String signature,
    Traceparent trace,
    KeptHeaders kept) {

  static final String PUSH = "repo:push";
  private static final String NONE = "none";

  private static final Pattern EVENT_KEY =
      Pattern.compile("[a-z_]{1,%1$d}:[a-z_]{1,%1$d}".formatted(RequestLimits.EVENT_KEY_PART));
  private static final Pattern REQUEST_ID =
      Pattern.compile("[0-9A-Za-z-]{1,%d}".formatted(RequestLimits.REQUEST_ID));
  private static final Pattern ATTEMPT = Pattern.compile("[1-9]");

  static DeliveryHeaders of(MultiMap headers) {
    return new DeliveryHeaders(
        matching(EVENT_KEY, headers.get("X-Event-Key")).orElse(NONE),
        HookUuid.parse(headers.get("X-Hook-UUID")),
        matching(REQUEST_ID, headers.get("X-Request-UUID")),
        matching(ATTEMPT, headers.get("X-Attempt-Number")).map(Integer::valueOf).orElse(1),
        headers.get("X-Hub-Signature"),
        Traceparent.continued(headers.get(Traceparent.HEADER)),
        KeptHeaders.of(headers::get));
  }

  /** What is not of the usual form is not taken along: it ends up in rows and in the log. */
  private static Optional<String> matching(Pattern pattern, @Nullable String value) {
    return Optional.ofNullable(value).filter(pattern.asMatchPredicate());
  }

  boolean isPush() {
    return eventKey.equals(PUSH);
  }
}
