package sh.cinch.service.http;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.http.HttpServerRequest;
import java.util.Optional;

/**
 * What all HTTP servers of a process share: none of them may take the memory of the others.
 *
 * @param proxies whose word on who asks is believed
 */
public record HttpBounds(
    BodiesInFlight bodies, OpenConnections connections, TrustedProxies proxies) {

  /** For a process with the heap of this one. */
  public static HttpBounds ofThisProcess() {
    long heap = Runtime.getRuntime().maxMemory();
    return new HttpBounds(
        BodiesInFlight.ofHeap(heap), OpenConnections.ofHeap(heap), TrustedProxies.NONE);
  }

  public HttpBounds behind(TrustedProxies trusted) {
    return new HttpBounds(bodies, connections, trusted);
  }

  /**
   * What a request's body may hold.
   *
   * @param owner whose it is, where more is known than its address
   */
  public BodiesInFlight.Share share(Optional<String> owner, HttpServerRequest request) {
    ClientAddress address = proxies.client(request);
    return owner.map(known -> bodies.of(known, address)).orElseGet(() -> bodies.of(address));
  }

  public void report(MeterRegistry metrics) {
    Gauge.builder("cinch.http.bodies", bodies, BodiesInFlight::bytes)
        .description("Bytes of request bodies that are not answered yet")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("cinch.http.bodies.most", bodies, BodiesInFlight::most)
        .description("How many bytes of bodies are taken before requests are refused")
        .baseUnit("bytes")
        .register(metrics);
    Gauge.builder("cinch.http.connections", connections, OpenConnections::open)
        .description("Connections to all ports")
        .register(metrics);
    Gauge.builder("cinch.http.connections.most", connections, OpenConnections::most)
        .description("How many connections are kept before the idlest is closed for a new one")
        .register(metrics);
  }
}
