package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One request that was made to a forge, without its headers and bodies.
 *
 * @param at when it began
 * @param httpStatus null where no answer came
 * @param ms until the answer, or until it was given up
 * @param requestId the forge's own, to ask its support about; null where it gave none
 */
public record ForgeRequest(
    Instant at, String method, @Nullable Integer httpStatus, long ms, @Nullable String requestId) {

  public ForgeRequest {
    required(at, "requests.at");
    Field.name(method, "requests.method");
    requestId = Field.optionalId(requestId, Limits.NAME);
  }
}
