package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;

/**
 * The newest deliveries of a repository.
 *
 * @param older where the API goes on; empty where there are none
 */
public record DeliveryItems(List<DeliveryItem> items, Optional<String> older) {

  static DeliveryItems of(UUID repository, Page<LoggedDelivery> page) {
    return new DeliveryItems(
        page.items().stream().map(DeliveryItem::of).toList(),
        page.next()
            .map(
                cursor ->
                    "/api/v1/repositories/%s/deliveries?cursor=%s".formatted(repository, cursor)));
  }
}
