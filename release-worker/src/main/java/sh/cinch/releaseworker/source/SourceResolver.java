package sh.cinch.releaseworker.source;

import io.vertx.core.Vertx;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import sh.cinch.releaseworker.source.SourceRules.Admission;

/**
 * Where a source may be reached. Its host is resolved once, and only what came out of that is
 * checked and connected to: an answer that changes afterwards changes nothing.
 */
record SourceResolver(
    Vertx vertx,
    SourceRules rules,
    DnsResolver names,
    AddressClass.Chart chart,
    Duration patience) {

  sealed interface Found {
    /**
     * @param addresses all of them allowed, and at least one
     */
    record At(List<InetAddress> addresses) implements Found {}

    record Forbidden(String why) implements Found {}

    record NotNow(String why) implements Found {}
  }

  /** What forbids it without any lookup. */
  Optional<String> objection(WebAddress address) {
    Admission admission = rules.admission(address);
    return admission == Admission.NONE
        ? Optional.of(
            "the host %s is not allowed: whoever runs Cinch may name it in %s, or in %s"
                .formatted(address.server(), SourceRules.HOSTS, SourceRules.PRIVATE_HOSTS))
        : address
            .host()
            .literal()
            .flatMap(literal -> objection(address, admission, List.of(literal)));
  }

  Found find(WebAddress address) {
    Optional<String> objection = objection(address);
    if (objection.isPresent()) {
      return new Found.Forbidden(objection.get());
    }
    List<InetAddress> addresses;
    try {
      addresses =
          address.host().literal().map(List::of).orElseGet(() -> resolve(address.host().text()));
    } catch (Exception e) {
      return new Found.NotNow("the host %s cannot be resolved now".formatted(address.server()));
    }
    return objection(address, rules.admission(address), addresses)
        .<Found>map(Found.Forbidden::new)
        .orElseGet(() -> new Found.At(addresses));
  }

  /** On a worker thread: the machine's resolver would hold on to the virtual thread's carrier. */
  private List<InetAddress> resolve(String host) {
    return vertx
        .executeBlocking(() -> List.copyOf(names.addresses(host)), false)
        .timeout(patience.toMillis(), TimeUnit.MILLISECONDS)
        .await();
  }

  private Optional<String> objection(
      WebAddress address, Admission admission, List<InetAddress> addresses) {
    return addresses.stream()
        .flatMap(one -> objection(chart.apply(one), admission).stream())
        .findFirst()
        .map(why -> "the host %s is at %s".formatted(address.server(), why));
  }

  private static Optional<String> objection(AddressClass reach, Admission admission) {
    return switch (reach) {
      case AddressClass.Public() -> Optional.empty();
      case AddressClass.Private neighbour when admission == Admission.PRIVATE -> Optional.empty();
      case AddressClass.Private(String what) ->
          Optional.of(
              "%s: whoever runs Cinch may allow that by its name in %s"
                  .formatted(what, SourceRules.PRIVATE_HOSTS));
      case AddressClass.Closed(String what) -> Optional.of(what + ", which is never fetched from");
    };
  }
}
