package sh.cinch.ingress.reconciler;

import io.micrometer.core.instrument.MeterRegistry;
import sh.cinch.forge.ForgeResult;

/** What became of looks. */
record LookCounts(MeterRegistry metrics) {

  private static final String LOOKS = "cinch.reconciler.looks";

  void looked(ForgeResult<?> result) {
    count(
        switch (result) {
          case ForgeResult.Done<?> done -> "done";
          case ForgeResult.Later<?> later -> "later";
          case ForgeResult.Unclear<?> unclear -> "later";
          case ForgeResult.Refused<?> refused -> "refused";
          case ForgeResult.NotBegun<?> notBegun -> "late";
        });
  }

  /** The account has nothing left for it now. */
  void withheld() {
    count("withheld");
  }

  private void count(String outcome) {
    metrics.counter(LOOKS, "outcome", outcome).increment();
  }
}
