package sh.cinch.simulator.world;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A webhook subscription of a repository.
 *
 * @param uuid in braces
 * @param secret never shown again once it is set
 */
public record Hook(
    String uuid,
    String description,
    URI url,
    boolean active,
    List<String> events,
    Optional<String> secret,
    boolean skipCertVerification,
    Instant createdAt) {

  public Hook {
    events = List.copyOf(events);
  }

  public boolean wants(String event) {
    return active && events.contains(event);
  }

  @Override
  public String toString() {
    return "Hook " + uuid;
  }
}
