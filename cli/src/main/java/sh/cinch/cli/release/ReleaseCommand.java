package sh.cinch.cli.release;

import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Terminal;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.schema.text.Visible;

/** {@code cinch release}. */
@Command(
    name = "release",
    description = {
      "Puts a build's files into the repository's downloads, as the release of a tag.",
      "",
      "Files go to Cinch first, which then takes them to Bitbucket: it waits while Bitbucket is"
          + " away, and a file that Cinch has already is not sent again. Before anything is sent,"
          + " what will be replaced is printed: downloads have one place for a name.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "In a build, the environment says the rest: CINCH_FORGE (bitbucket), CINCH_REPO, CINCH_TAG,",
      "CINCH_COMMIT, CINCH_INGRESS_URL, CINCH_API_TOKEN.",
      "",
      "Examples:",
      "  cinch release dist/*",
      "  cinch release 'build/**/*.{zip,tar.gz}' --name '{tag}-{name}'",
      "  cinch release --repo acme/app --tag v1.4.0 --dry-run app.jar",
      "  cinch release --json dist/* | jq -r '.files[].url'",
      "",
      "Broken off, by Ctrl-C or a lost connection? Run it again: it goes on where it was.",
      "",
      "Exit codes: 0 delivered (with --no-wait: accepted), 1 refused or failed, 2 not understood,",
      "3 not finished within --timeout."
    })
public final class ReleaseCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILES",
      description =
          "Files, or patterns such as 'dist/*.zip', '**/*.jar', 'app-{linux,darwin}'; each must"
              + " match a file. Names that begin with a dot are matched only by a pattern that says"
              + " the dot.")
  private List<String> files;

  @Option(
      names = "--repo",
      paramLabel = "REPO",
      description = "acme/app, or any clone URL of it. Default: CINCH_REPO.")
  private @Nullable String repository;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = "The tag, which must be on Bitbucket. Default: CINCH_TAG.")
  private @Nullable String tag;

  @Option(
      names = "--commit",
      paramLabel = "COMMIT",
      description =
          "What the tag must point to: a full hash. Default: CINCH_COMMIT, else what it points to"
              + " now.")
  private @Nullable String commit;

  @Option(
      names = "--name",
      paramLabel = "PATTERN",
      defaultValue = DownloadNames.USUAL_PATTERN,
      description =
          "How the downloads are named, with {name}, {tag}, {version} (the tag without its v) and"
              + " {commit}. Default: ${DEFAULT-VALUE}. Characters other than A-Z a-z 0-9 . _ -"
              + " become _.")
  private String name = DownloadNames.USUAL_PATTERN;

  @Option(
      names = "--no-checksums",
      description = "Without the file TAG-SHA256SUMS, which sha256sum -c reads.")
  private boolean withoutChecksums;

  @Option(
      names = "--no-wait",
      description = "End once Cinch has the files and the request, not once they are downloads.")
  private boolean withoutWaiting;

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      defaultValue = "30m",
      description =
          "How long to wait for Cinch or Bitbucket while it is away, and for the downloads once all"
              + " is sent: 90s, 30m, 2h. Default: ${DEFAULT-VALUE}.")
  private String timeout = "30m";

  @Option(
      names = "--json",
      description = "Print the release as JSON at the end and nothing else on standard output.")
  private boolean json;

  @Option(
      names = "--dry-run",
      description = "Only say what would be released, and what would be replaced.")
  private boolean dryRun;

  @Override
  public Integer call() {
    Map<String, String> environment = System.getenv();
    Sleeper sleeper = Sleeper.real();
    Target target;
    Release.Settings settings;
    try {
      target = Target.of(repository, tag, commit, environment);
      settings =
          new Release.Settings(
              new ReleaseCalls.Options(name, !withoutChecksums),
              dryRun,
              !withoutWaiting,
              duration(timeout),
              json);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
    }
    Terminal err = Terminal.of(spec.commandLine().getErr());
    Progress progress =
        !json && StandardError.isTerminal(environment)
            ? new Bars(err, sleeper, spec.usageMessage().width())
            : new Lines(err, sleeper);
    List<Path> paths = new FilePatterns(Path.of("")).expand(files);
    return new Release(
            new ReleaseCalls(server.server(), sleeper, progress, settings.timeout()),
            sleeper,
            progress,
            spec.commandLine().getOut(),
            err)
        .run(target, paths, settings);
  }

  static Duration duration(String text) {
    try {
      Duration duration = Duration.parse(text.startsWith("P") ? text : "PT" + text.strip());
      if (!duration.isPositive()) {
        throw new IllegalArgumentException("--timeout is '%s': nothing to wait.".formatted(text));
      }
      return duration;
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "--timeout is '%s': a duration such as 90s, 30m or 2h is expected."
              .formatted(Visible.oneLine(text)),
          e);
    }
  }
}
