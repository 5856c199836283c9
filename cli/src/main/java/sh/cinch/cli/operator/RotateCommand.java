package sh.cinch.cli.operator;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Keyset;

/** {@code ./cinch keyset rotate FILE}. */
@Command(
    name = "rotate",
    description = {
      "Adds a fresh key to a keyset and makes it the one that encrypts.",
      "",
      "The old keys stay, so that everything still opens. FILE is replaced at once or not at all,",
      "and keeps its owner and permissions; one that holds no keyset is left as it is.",
      "",
      "Services that share FILE (CINCH_KEYSET_FILE) take the new key within seconds and begin to",
      "move their secrets to it. Where some would have the new key while others do not, because",
      "the keyset reaches them otherwise, go in two steps:",
      "",
      "  ./cinch keyset rotate --prepare FILE       a key that opens and does not encrypt yet;",
      "                                             bring FILE to every service",
      "  ./cinch keyset rotate --primary KEY FILE   now it encrypts; bring FILE to every service",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class RotateCommand implements Callable<Integer> {

  /** At most one of the two steps. */
  static final class Half {
    @Option(names = "--prepare", description = "Only add the key: it does not encrypt yet.")
    private boolean prepare;

    @Option(
        names = "--primary",
        paramLabel = "KEY",
        description = "Add none, and let this one of the keyset's keys encrypt.")
    private @Nullable String primary;
  }

  @Spec private CommandSpec spec;

  @ArgGroup private @Nullable Half half;

  @Parameters(paramLabel = "FILE", description = "The file that holds the keyset.")
  private Path file;

  @Override
  public Integer call() {
    StoredKeyset stored = StoredKeyset.read(file);
    Keyset before = stored.keyset();
    Keyset after = changed(before);
    stored.replace(after);
    PrintWriter out = spec.commandLine().getOut();
    if (after.primary().equals(before.primary())) {
      out.println(
          "Added key %s; key %s still encrypts.".formatted(after.newest(), after.primary()));
      out.println("Once every service has this keyset:");
      out.println("  ./cinch keyset rotate --primary %s %s".formatted(after.newest(), file));
    } else {
      out.println(
          "Key %s encrypts from now on; %s still open%s."
              .formatted(after.primary(), others(after), after.keys().size() == 2 ? "s" : ""));
      out.println("Watch the secrets move to it:");
      out.println("  ./cinch keyset status --follow --primary " + after.primary());
      out.println("Then take the old keys out:");
      out.println("  ./cinch keyset prune " + file);
    }
    out.flush();
    return 0;
  }

  private Keyset changed(Keyset before) {
    if (half != null && half.primary != null) {
      return before.withPrimary(KeyId.parse(half.primary));
    }
    Keyset prepared = before.withFreshKey();
    return half != null && half.prepare ? prepared : prepared.withPrimary(prepared.newest());
  }

  private static String others(Keyset keyset) {
    return PruneCommand.listed(
        keyset.keys().stream().filter(key -> !key.equals(keyset.primary())).toList());
  }
}
