package sh.cinch.ingress.web.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.readmodel.StatusRow;

/** A check of a commit as the API shows it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
record StatusView(
    UUID repositoryId,
    String commit,
    String key,
    @Nullable BuildView build,
    @Nullable OutcomeView outcome,
    Instant updatedAt) {

  /** What was reported. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record BuildView(
      String name,
      @Nullable String number,
      String state,
      @Nullable String description,
      @Nullable String url,
      @Nullable String ref,
      Instant occurredAt) {

    static BuildView of(StatusRow.Build build) {
      return new BuildView(
          build.name(),
          build.number().orElse(null),
          build.state(),
          build.description().orElse(null),
          build.url().orElse(null),
          build.ref().orElse(null),
          build.occurredAt());
    }
  }

  /** What became of it. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record OutcomeView(
      String result,
      @Nullable Integer httpStatus,
      int attempts,
      @Nullable String reason,
      @Nullable Long latencyMs,
      Instant at) {

    static OutcomeView of(StatusRow.Delivery outcome) {
      return new OutcomeView(
          outcome.outcome(),
          outcome.httpStatus().orElse(null),
          outcome.attempts(),
          outcome.reason().orElse(null),
          outcome.latencyMs().orElse(null),
          outcome.at());
    }
  }

  static StatusView of(StatusRow row) {
    return new StatusView(
        row.repositoryId(),
        row.commit(),
        row.key(),
        row.build().map(BuildView::of).orElse(null),
        row.delivery().map(OutcomeView::of).orElse(null),
        row.updatedAt());
  }
}
