package sh.cinch.simulator.pages;

import java.util.List;
import java.util.Locale;
import sh.cinch.simulator.html.Html;
import sh.cinch.simulator.world.Status;

/** A build status as people see it: a sign and a word, so that colour is not all there is. */
final class StatusBadge {
  private StatusBadge() {}

  static Html full(Status status) {
    return Html.of(
        """
        <li class="build {}"><span class="state">{} {}</span> <a href="{}" rel="noreferrer">{}</a>
        <span class="note">{}</span></li>\
        """,
        styleClass(status),
        sign(status),
        word(status),
        status.url(),
        status.name(),
        status.description());
  }

  static Html icons(List<Status> statuses) {
    return Html.join(
        statuses.stream()
            .map(
                status ->
                    Html.of(
                        "<span class=\"build {}\" title=\"{}\"><span class=\"state\">{}"
                            + " {}</span></span>",
                        styleClass(status),
                        status.name(),
                        sign(status),
                        word(status))));
  }

  private static String styleClass(Status status) {
    return status.state().name().toLowerCase(Locale.ROOT);
  }

  private static String sign(Status status) {
    return switch (status.state()) {
      case INPROGRESS -> "◔";
      case SUCCESSFUL -> "✓";
      case FAILED -> "✕";
      case STOPPED -> "■";
    };
  }

  private static String word(Status status) {
    return switch (status.state()) {
      case INPROGRESS -> "In progress";
      case SUCCESSFUL -> "Successful";
      case FAILED -> "Failed";
      case STOPPED -> "Stopped";
    };
  }
}
