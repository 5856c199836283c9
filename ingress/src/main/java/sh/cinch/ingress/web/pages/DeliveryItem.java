package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Outcomes;

/**
 * A delivery in a list.
 *
 * @param refs that it changed, the first of them
 * @param published what became of it, in words
 * @param marks what tells it from a delivery of a push
 * @param line what was not published and why, and what to do; what is left out is above
 * @param hasBody whether its body may be kept, for administrators
 */
public record DeliveryItem(
    UUID id,
    Badge badge,
    List<String> refs,
    String published,
    List<String> marks,
    Optional<String> line,
    boolean hasBody,
    When when) {

  private static final int REFS = 3;
  private static final int NOT_NOW = 503;

  static DeliveryItem of(LoggedDelivery delivery) {
    return new DeliveryItem(
        delivery.id(),
        Badge.ofLogged(delivery),
        Brief.texts(delivery.refs().stream().map(DeliveryItem::shortRef).toList(), REFS),
        published(delivery.events()),
        marks(delivery),
        line(delivery),
        !delivery.isRefused(),
        When.of(delivery.receivedAt()));
  }

  private static String shortRef(String ref) {
    return ref.replaceFirst("^refs/heads/", "").replaceFirst("^refs/tags/", "tag ");
  }

  private static String published(int events) {
    return switch (events) {
      case 0 -> "nothing published";
      case 1 -> "1 push published";
      default -> events + " pushes published";
    };
  }

  private static List<String> marks(LoggedDelivery delivery) {
    if (delivery.origin().test()) {
      return List.of("test");
    }
    if (delivery.origin().replayOf().isPresent()) {
      return List.of("replay");
    }
    return delivery.attempt() > 1 ? List.of("attempt " + delivery.attempt()) : List.of();
  }

  private static Optional<String> line(LoggedDelivery delivery) {
    return delivery
        .reason()
        .or(() -> advice(delivery))
        .map(text -> Brief.paragraphs(List.of(text)).getFirst());
  }

  private static Optional<String> advice(LoggedDelivery delivery) {
    if (delivery.outcome().equals(Outcomes.HELD)) {
      return Optional.of(
          "Its body came before. Bitbucket is asked where the branch is, and within a minute it is"
              + " published or dropped: nothing is to be done.");
    }
    return delivery.answer() == NOT_NOW
        ? Optional.of(
            "Bitbucket tries again twice. What it gives up on is found by comparing, and published:"
                + " nothing is to be done.")
        : Optional.empty();
  }
}
