package sh.cinch.cli.release;

import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.schema.text.Visible;

/** What a person reads before and after. */
final class ReleaseText {

  /** The product's words, where the server says none. */
  static final String NOTE =
      "Bitbucket doesn't have releases, only file downloads. Your artifacts are uploaded but"
          + " there's no release page. Consider using GitHub or GitLab if you need proper"
          + " releases.";

  private static final int SHORT_HASH = 12;

  private ReleaseText() {}

  static void plan(Plan plan, PrintWriter to) {
    to.printf(
        "%s of %s at %s, %d file%s:%n",
        Visible.oneLine(plan.tag()),
        Visible.oneLine(plan.fullName()),
        Visible.oneLine(plan.commit().substring(0, Math.min(SHORT_HASH, plan.commit().length()))),
        plan.files().size(),
        plan.files().size() == 1 ? "" : "s");
    int widest = widest(plan.files().stream().map(Plan.File::download));
    for (Plan.File file : plan.files()) {
      to.printf(
          "  %-" + widest + "s  %10s  %s%s%n",
          Visible.oneLine(file.download()),
          Text.bytes(file.size()),
          file.replaced().map(ReleaseText::replaces).orElse("new"),
          file.name().equals(file.download()) ? "" : ", from " + Visible.oneLine(file.name()));
    }
    plan.checksums().ifPresent(name -> to.printf("  %s  their checksums%n", Visible.oneLine(name)));
    warnings(plan.warnings(), to);
  }

  private static String replaces(Plan.Replaced replaced) {
    return "REPLACES what is there"
        + replaced.size().map(size -> ", " + Text.bytes(size)).orElse("")
        + replaced.createdOn().map(time -> " of " + Visible.oneLine(day(time))).orElse("");
  }

  private static String day(String time) {
    return time.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T.*") ? time.substring(0, 10) : time;
  }

  private static int widest(Stream<String> names) {
    int widest = names.mapToInt(String::length).max().orElse(1);
    return Math.clamp(widest, 1, DownloadNames.LONGEST);
  }

  static void delivered(View view, Plan plan, PrintWriter out) {
    out.printf(
        "Released %s of %s:%n", Visible.oneLine(plan.tag()), Visible.oneLine(plan.fullName()));
    links(view, out);
    notes(view, plan, out);
  }

  /** Of what is there, also where the rest is not. */
  static void links(View view, PrintWriter out) {
    int widest = widest(view.files().stream().map(View.File::download));
    for (View.File file : view.files()) {
      file.url()
          .ifPresent(
              url ->
                  out.printf(
                      "  %-" + widest + "s  %s%n",
                      Visible.oneLine(file.download()),
                      Visible.oneLine(url)));
    }
  }

  private static void notes(View view, Plan plan, PrintWriter out) {
    // The plan's were said before anything was sent.
    warnings(view.warnings().stream().filter(one -> !plan.warnings().contains(one)).toList(), out);
    view.files().forEach(file -> warnings(file.warnings(), out));
    out.println();
    out.println(note(view.note().or(plan::note)));
  }

  static String note(Optional<String> servers) {
    return servers.map(Visible::oneLine).orElse(NOTE);
  }

  private static void warnings(List<String> warnings, PrintWriter to) {
    warnings.forEach(warning -> to.println("  warning  " + Visible.oneLine(warning)));
  }
}
