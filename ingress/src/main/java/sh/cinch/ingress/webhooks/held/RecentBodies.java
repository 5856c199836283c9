package sh.cinch.ingress.webhooks.held;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.SameBody;
import sh.cinch.service.due.Together;

/**
 * When bodies came before. While one comes again and again the retry window goes on with it, but
 * not for ever: who repeats a captured one often enough would never leave it.
 */
final class RecentBodies {

  /** Since it first came; as long as a former secret is valid. */
  static final Duration LONGEST_WINDOW = Duration.ofHours(1);

  private static final int REMEMBERED = 20_000;

  /** Bodies that one statement asks for. */
  private static final int TOGETHER = 100;

  private final Cache<Body, Seen> seen = Caffeine.newBuilder().maximumSize(REMEMBERED).build();
  private final Together<SameBody> questions;

  /** How a body comes, as far as the log goes back. */
  sealed interface Coming {

    record ForTheFirstTime() implements Coming {}

    record PerhapsAsRetry() implements Coming {}

    record Again(Instant first) implements Coming {}
  }

  private record Body(UUID hookId, String sha256) {

    static Body of(LoggedDelivery line) {
      return new Body(line.hookId(), line.bodySha256());
    }
  }

  private record Seen(Instant first, Instant last) {

    boolean isWithinWindow(Instant now) {
      return !last.isBefore(now.minus(DeliveryLog.RETRIES_WITHIN))
          && !first.isBefore(now.minus(LONGEST_WINDOW));
    }
  }

  /**
   * @param answer asks the log
   */
  RecentBodies(Consumer<List<SameBody>> answer) {
    this.questions = new Together<>(TOGETHER, answer);
  }

  /** Whether this instance knows that it may be a retry. */
  boolean isRetry(LoggedDelivery line) {
    Seen before = seen.getIfPresent(Body.of(line));
    return before != null && before.isWithinWindow(line.receivedAt());
  }

  /** Asks the database. */
  Coming ask(LoggedDelivery line) {
    SameBody question =
        new SameBody(
            line.hookId(),
            HexFormat.of().parseHex(line.bodySha256()),
            line.receivedAt().minus(DeliveryLog.RETRIES_WITHIN));
    questions.write(question);
    Seen before =
        question
            .came()
            .map(came -> new Seen(came.first(), came.last().orElse(Instant.MIN)))
            .orElseGet(() -> new Seen(line.receivedAt(), Instant.MIN));
    seen.asMap().putIfAbsent(Body.of(line), before);
    if (question.came().isEmpty()) {
      return new Coming.ForTheFirstTime();
    }
    return before.isWithinWindow(line.receivedAt())
        ? new Coming.PerhapsAsRetry()
        : new Coming.Again(before.first());
  }

  /** It is published: what comes within the window from now on may be its retry. */
  void published(LoggedDelivery line) {
    seen.asMap()
        .computeIfPresent(
            Body.of(line), (body, before) -> new Seen(before.first(), line.receivedAt()));
  }
}
