package sh.cinch.cli.release;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.schema.text.Visible;

/** One release, from files on disk to downloads. */
record Release(
    ReleaseCalls calls, Sleeper sleeper, Progress progress, PrintWriter out, PrintWriter err) {

  static final int DELIVERED = 0;
  static final int FAILED = 1;
  static final int UNFINISHED = 3;

  private static final String AGAIN =
      "Nothing is broken: run the same command again. What Cinch has already is not sent again.";

  /**
   * How it is to be made.
   *
   * @param untilEnd whether to wait for its end
   * @param timeout how long, once all is sent
   */
  record Settings(
      ReleaseCalls.Options options,
      boolean dryRun,
      boolean untilEnd,
      Duration timeout,
      boolean json) {}

  /**
   * @return the exit code
   */
  int run(Target target, List<Path> paths, Settings settings) {
    requireNames(target, paths, settings.options());
    List<LocalFile> files = paths.stream().map(this::hash).toList();
    Plan plan = calls.plan(target, settings.options(), files);
    if (settings.dryRun()) {
      planned(plan, settings.json());
      return DELIVERED;
    }
    ReleaseText.plan(plan, err);
    View requested;
    View last;
    try (InterruptNotice notice = new InterruptNotice(err, AGAIN)) {
      requested = request(plan, files, settings);
      notice.now(
          "Release %s was requested and goes on without this command. To see how far it is: GET %s"
              .formatted(Visible.oneLine(requested.id()), calls.lookAt(requested.id())));
      last =
          settings.untilEnd()
              ? new Watch(calls, sleeper, progress).untilEnd(requested, settings.timeout())
              : requested;
    }
    if (settings.json()) {
      out.println(Json.pretty(last.json()));
    }
    return settings.untilEnd() ? ended(last, plan, settings) : accepted(last, plan, settings);
  }

  /** As the server will check it, before gigabytes are hashed. */
  private static void requireNames(Target target, List<Path> paths, ReleaseCalls.Options options) {
    if (paths.size() > ReleaseRequest.MOST_FILES) {
      throw new Refusal(
          "%d files: a release has at most %d.".formatted(paths.size(), ReleaseRequest.MOST_FILES));
    }
    try {
      DownloadNames.of(
          target.tag(),
          target.commit().orElse("0".repeat(40)),
          paths.stream().map(path -> path.getFileName().toString()).toList(),
          new ReleaseRequest.Options(options.name(), options.checksums()));
    } catch (IllegalArgumentException e) {
      throw new Refusal(Visible.oneLine(String.valueOf(e.getMessage())));
    }
  }

  private LocalFile hash(Path path) {
    String name = path.getFileName().toString();
    try (Progress.Step step = progress.begin("reading", name, 0, path.toFile().length())) {
      return LocalFile.read(path, step::at);
    }
  }

  private void planned(Plan plan, boolean json) {
    if (json) {
      out.println(Json.pretty(plan.json()));
    } else {
      ReleaseText.plan(plan, out);
      out.println("A dry run: nothing was sent.");
    }
  }

  private View request(Plan plan, List<LocalFile> files, Settings settings) {
    Map<LocalFile.Content, String> artifacts =
        new Uploads(calls, plan.repositoryId(), sleeper, progress).send(files);
    Map<String, LocalFile> byName = new HashMap<>();
    files.forEach(file -> byName.put(file.name(), file));
    String id =
        calls.request(plan, settings.options(), files, artifacts, UUID.randomUUID().toString());
    progress.say("Requested: release " + Visible.oneLine(id));
    return View.requested(id, plan, byName);
  }

  private int accepted(View view, Plan plan, Settings settings) {
    if (!settings.json()) {
      out.printf(
          "Requested %s of %s: release %s%n  see   GET %s%n",
          Visible.oneLine(plan.tag()),
          Visible.oneLine(plan.fullName()),
          Visible.oneLine(view.id()),
          calls.lookAt(view.id()));
      out.println();
      out.println(ReleaseText.note(plan.note()));
    }
    return DELIVERED;
  }

  private int ended(View view, Plan plan, Settings settings) {
    return switch (view.state()) {
      case DELIVERED -> {
        if (!settings.json()) {
          ReleaseText.delivered(view, plan, out);
        }
        yield DELIVERED;
      }
      case FAILED -> {
        linksUnlessJson(view, settings);
        throw new Refusal("The release failed. " + reasons(view, View.State.FAILED));
      }
      case SUPERSEDED -> {
        linksUnlessJson(view, settings);
        throw new Refusal(
            "The release was superseded by a newer one. " + reasons(view, View.State.SUPERSEDED));
      }
      case REQUESTED, SENDING, OPEN -> {
        linksUnlessJson(view, settings);
        progress.say(
            "Not finished after %s: release %s is %s%s. It goes on without this command. To see how far it is:"
                    .formatted(
                        Text.duration(settings.timeout()),
                        Visible.oneLine(view.id()),
                        view.waits() ? "waiting" : view.state().word(),
                        view.reason().map(why -> " (" + Visible.oneLine(why) + ")").orElse(""))
                + "\n  curl -H \"Authorization: Bearer $CINCH_API_TOKEN\" "
                + calls.lookAt(view.id()));
        yield UNFINISHED;
      }
    };
  }

  private void linksUnlessJson(View view, Settings settings) {
    if (!settings.json()) {
      ReleaseText.links(view, out);
    }
  }

  private static String reasons(View view, View.State state) {
    List<String> lines = new ArrayList<>();
    view.reason().map(Visible::oneLine).ifPresent(lines::add);
    view.files().stream()
        .filter(file -> file.state() == state && file.reason().isPresent())
        .map(file -> Visible.oneLine(file.download() + ": " + file.reason().orElseThrow()))
        .forEach(lines::add);
    return lines.stream().collect(Collectors.joining("\n  "));
  }
}
