package sh.cinch.ingress.web.api;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.http.Problem;

/**
 * A release as it is asked for: the event to be, but for what may be left out.
 *
 * @param commit what the tag should point to; empty for whatever it does
 */
record ReleaseBody(ReleaseRequest request, Optional<String> commit) {

  /** Stand in for what is left out while the rest is read. */
  private static final String NO_COMMIT = "0".repeat(40);

  private static final String NO_SOURCE = "https://none-yet.invalid/";

  /**
   * @param dryRun whether files need no source
   * @throws Problem 400 naming the field that is wrong
   */
  static ReleaseBody read(JsonObject body, boolean dryRun) {
    JsonObject complete = body.copy();
    boolean commitGiven = complete.getValue("commit") != null;
    if (!commitGiven) {
      complete.put("commit", NO_COMMIT);
    }
    if (dryRun && complete.getValue("files") instanceof JsonArray files) {
      files.stream()
          .filter(JsonObject.class::isInstance)
          .map(JsonObject.class::cast)
          .filter(file -> file.getValue("source") == null)
          .forEach(file -> file.put("source", NO_SOURCE));
    }
    ReleaseRequest request = parse(complete);
    return new ReleaseBody(request, commitGiven ? Optional.of(request.commit()) : Optional.empty());
  }

  /** As it goes on the topic. */
  ReleaseRequest of(RepositoryRef repository, String commit) {
    return new ReleaseRequest(
        repository, request.tag(), commit, request.options(), request.files());
  }

  private static ReleaseRequest parse(JsonObject complete) {
    byte[] bytes = complete.encode().getBytes(StandardCharsets.UTF_8);
    return switch (EventJson.read(bytes, ReleaseRequest.class)) {
      case Reading.Good<ReleaseRequest>(ReleaseRequest request) -> request;
      case Reading.Bad<ReleaseRequest>(String reason) -> throw malformed(reason);
    };
  }

  private static Problem malformed(String reason) {
    return new Problem(400, "Malformed release", reason);
  }
}
