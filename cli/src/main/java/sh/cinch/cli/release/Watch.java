package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import sh.cinch.cli.server.Answer;
import sh.cinch.cli.server.Refusal;
import sh.cinch.schema.text.Visible;

/** Watches a release until its end, and says each file's. */
final class Watch {

  private static final Duration SHORTEST = Duration.ofMillis(200);
  private static final Duration LONGEST = Duration.ofSeconds(2);

  private final ReleaseCalls calls;
  private final Sleeper sleeper;
  private final Progress progress;
  private final Set<String> ended = new HashSet<>();
  private final Set<String> waitingFor = new HashSet<>();
  private boolean away;

  Watch(ReleaseCalls calls, Sleeper sleeper, Progress progress) {
    this.calls = calls;
    this.sleeper = sleeper;
    this.progress = progress;
  }

  /**
   * @return the last that is known, which is no end where the time was over
   */
  View untilEnd(View requested, Duration timeout) {
    Duration until = sleeper.elapsed().plus(timeout);
    Duration pause = SHORTEST;
    View known = requested;
    while (true) {
      known = look(known);
      Duration left = until.minus(sleeper.elapsed());
      if (known.state().isEnd() || left.compareTo(Duration.ZERO) <= 0) {
        return known;
      }
      sleeper.pause(pause.compareTo(left) < 0 ? pause : left);
      pause = pause.multipliedBy(3).dividedBy(2);
      pause = pause.compareTo(LONGEST) < 0 ? pause : LONGEST;
    }
  }

  private View look(View known) {
    return switch (calls.view(known.id())) {
      case Answer.Done(int ignored, JsonNode body) -> {
        away = false;
        View view = View.of(body);
        tell(view);
        yield view;
      }
      case Answer.Refused(int status, String words, JsonNode problem) -> {
        // It is on the topic, which is read a moment later.
        if (status != 404) {
          throw new Refusal(
              "%s (Release %s was requested all the same.)"
                  .formatted(words, Visible.oneLine(known.id())));
        }
        yield known;
      }
      case Answer.Away(String why, Optional<Duration> ignored) -> {
        if (!away) {
          progress.say(why + " The release goes on meanwhile; asking again.");
        }
        away = true;
        yield known;
      }
    };
  }

  private void tell(View view) {
    if (view.waits()) {
      waiting("the release", view.reason());
    }
    for (View.File file : view.files()) {
      String name = Visible.oneLine(file.download());
      if (file.waits()) {
        waiting(name, file.reason());
      } else if (file.state().isEnd() && ended.add(file.download())) {
        progress.say(
            "  %s  %s%s"
                .formatted(
                    name,
                    file.state().word(),
                    file.reason().map(why -> ": " + Visible.oneLine(why)).orElse("")));
      }
    }
  }

  private void waiting(String what, Optional<String> reason) {
    String line =
        "  %s  waiting%s"
            .formatted(what, reason.map(why -> ": " + Visible.oneLine(why)).orElse(""));
    if (waitingFor.add(line)) {
      progress.say(line);
    }
  }
}
