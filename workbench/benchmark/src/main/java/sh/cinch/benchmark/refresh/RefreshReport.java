package sh.cinch.benchmark.refresh;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import sh.cinch.benchmark.figures.Ratios;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.figures.Sample;
import sh.cinch.benchmark.refresh.Steps.Step;

/** A lease that needs a refresh beside the forge's own answer. */
record RefreshReport(Steps steps) implements Report {

  /** The credential's row twice, the client's once, and an update that finds nothing to clear. */
  private static final int STATEMENTS_WITHOUT_CHANGE = 4;

  @Override
  public String name() {
    return "refresh";
  }

  @Override
  public String text() {
    return """
    Refreshing: one lease after the other, each with a token that has ended; %d of each

                                                median ms   95 %% under ms
      lease that refreshes                      %s
      simulator's token endpoint alone          %s
      UPDATE and COMMIT alone                   %s

      added by the token-service                %9.2f
      limit: endpoint and one UPDATE + COMMIT   %9.2f   (measured is %.2f of it)

    What the added time is made of, each measured by itself
      the lease's own HTTP call, from memory    %9.2f
      four statements that change nothing       %9.2f
      claim: UPDATE and COMMIT                  %9.2f
      store: lock, UPDATE, COMMIT               %9.2f
      telling the other instances: NOTIFY       %9.2f
      the rest: jOOQ, encryption, threads       %9.2f
    """
        .formatted(
            sample(Step.LEASE_THAT_REFRESHES).size(),
            row(Step.LEASE_THAT_REFRESHES),
            row(Step.SIMULATOR),
            row(Step.UPDATE_AND_COMMIT),
            added(),
            limit(),
            median(Step.LEASE_THAT_REFRESHES) / limit(),
            median(Step.LEASE_FROM_MEMORY),
            looks(),
            median(Step.UPDATE_AND_COMMIT),
            median(Step.STORE),
            telling(),
            rest());
  }

  private double added() {
    return median(Step.LEASE_THAT_REFRESHES) - median(Step.SIMULATOR);
  }

  private double limit() {
    return median(Step.SIMULATOR) + median(Step.UPDATE_AND_COMMIT);
  }

  private double looks() {
    return STATEMENTS_WITHOUT_CHANGE * median(Step.LOOK);
  }

  private double telling() {
    return median(Step.STORE_AND_TELL) - median(Step.STORE);
  }

  private double rest() {
    return added()
        - median(Step.LEASE_FROM_MEMORY)
        - looks()
        - median(Step.UPDATE_AND_COMMIT)
        - median(Step.STORE_AND_TELL);
  }

  private double median(Step step) {
    return sample(step).median();
  }

  private Sample sample(Step step) {
    return steps.sample(step);
  }

  private String row(Step step) {
    return "%9.2f %15.2f".formatted(median(step), sample(step).at(0.95));
  }

  @Override
  public JsonObject json() {
    JsonObject measured = new JsonObject();
    for (Step step : Step.values()) {
      measured.put(
          step.name().toLowerCase(Locale.ROOT).replace('_', '-'),
          new JsonObject()
              .put("count", sample(step).size())
              .put("medianMs", Ratios.rounded(median(step)))
              .put("p95Ms", Ratios.rounded(sample(step).at(0.95))));
    }
    return new JsonObject()
        .put("addedMs", Ratios.rounded(added()))
        .put("limitMs", Ratios.rounded(limit()))
        .put("ofLimit", Ratios.rounded(median(Step.LEASE_THAT_REFRESHES) / limit()))
        .put("restMs", Ratios.rounded(rest()))
        .put("steps", measured);
  }
}
