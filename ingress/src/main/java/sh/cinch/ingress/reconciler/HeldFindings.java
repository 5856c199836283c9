package sh.cinch.ingress.reconciler;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.reconciler.HeldFinding.Listed;
import sh.cinch.schema.text.Visible;

/** Of each change of a held push whether it is real, each after those before it. */
record HeldFindings(List<Found> all) {

  /** Changes that are named in words; more are counted. */
  private static final int NAMED = 3;

  record Found(RefChange change, HeldFinding finding) {}

  /**
   * @param known where refs are; afterwards, with what is real
   */
  static HeldFindings of(
      List<RefChange> changes, Map<String, @Nullable String> known, Optional<Listed> listed) {
    List<Found> all = new ArrayList<>();
    for (RefChange change : changes) {
      HeldFinding finding = HeldFinding.of(change, known.get(change.ref()), listed);
      all.add(new Found(change, finding));
      if (finding instanceof HeldFinding.Real) {
        known.put(change.ref(), change.newHash());
      }
    }
    return new HeldFindings(List.copyOf(all));
  }

  /** Whether nobody needs to be asked. */
  boolean areClear() {
    return all.stream().noneMatch(found -> found.finding() instanceof HeldFinding.Unknown);
  }

  List<RefChange> real() {
    return all.stream().filter(HeldFindings::isReal).map(Found::change).toList();
  }

  /** What becomes of it and why, for people. */
  String words() {
    Map<Boolean, List<Found>> byReal =
        all.stream().collect(Collectors.partitioningBy(HeldFindings::isReal));
    return Stream.of(
            words("published: ", byReal.getOrDefault(true, List.of())),
            words("not published: ", byReal.getOrDefault(false, List.of())))
        .flatMap(Optional::stream)
        .collect(Collectors.joining(" "));
  }

  private static Optional<String> words(String begin, List<Found> some) {
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(
            begin
                + some.stream()
                    .limit(NAMED)
                    .map(HeldFindings::why)
                    .collect(Collectors.joining("; "))
                + (some.size() > NAMED ? "; and %d more.".formatted(some.size() - NAMED) : "."));
  }

  private static boolean isReal(Found found) {
    return found.finding() instanceof HeldFinding.Real;
  }

  private static String why(Found found) {
    return switch (found.finding()) {
      case HeldFinding.Real(String why) -> why;
      case HeldFinding.Not(String why) -> why;
      case HeldFinding.Unknown() ->
          "Bitbucket could not be asked for %s within a minute; should it be missing, the comparison of heads publishes it"
              .formatted(Visible.oneLine(found.change().ref()));
    };
  }
}
