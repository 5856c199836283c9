package sh.cinch.statusworker.statuses;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jooq.JSONB;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.ForgeRequest;
import sh.cinch.schema.event.Outcome;

/** The last requests of a status as its row keeps them. */
final class RequestsJson {

  private RequestsJson() {}

  static List<ForgeRequest> read(JSONB stored) {
    return switch (EventJson.read(
        stored.data().getBytes(StandardCharsets.UTF_8), ForgeRequest[].class)) {
      case Reading.Good<ForgeRequest[]>(ForgeRequest[] requests) -> List.of(requests);
      case Reading.Bad<ForgeRequest[]>(String reason) -> throw new IllegalStateException(reason);
    };
  }

  static JSONB write(List<ForgeRequest> requests) {
    return JSONB.valueOf(new String(EventJson.write(requests), StandardCharsets.UTF_8));
  }

  /** As many as an outcome tells of. */
  static List<ForgeRequest> newest(List<ForgeRequest> requests) {
    return requests.subList(Math.max(0, requests.size() - Outcome.MOST_REQUESTS), requests.size());
  }
}
