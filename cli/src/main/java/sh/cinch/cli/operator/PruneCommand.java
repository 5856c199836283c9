package sh.cinch.cli.operator;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import sh.cinch.cli.operator.Management.Answer;
import sh.cinch.schema.text.Visible;
import sh.cinch.service.keyset.KeysetStatus;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Keyset;

/** {@code ./cinch keyset prune FILE}. */
@Command(
    name = "prune",
    description = {
      "Takes every key out of a keyset but the one that encrypts.",
      "",
      "Asks the service's instances first: unless each of them encrypts with that key and has no",
      "secret left under another, nothing is changed. Name every instance; one that is not asked",
      "may still write with an old key.",
      "",
      "Backups of the database from before need the old keys: keep a copy of FILE as long as you",
      "keep those.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class PruneCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Mixin private ManagementOptions management;

  @Parameters(paramLabel = "FILE", description = "The file that holds the keyset.")
  private Path file;

  @Override
  public Integer call() {
    StoredKeyset stored = StoredKeyset.read(file);
    Keyset keyset = stored.keyset();
    List<String> reasons =
        management.services().stream()
            .flatMap(service -> against(service, keyset.primary()).stream())
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    if (!reasons.isEmpty()) {
      PrintWriter err = spec.commandLine().getErr();
      err.println("cinch: the old keys are still needed, or may be. Nothing was changed.");
      reasons.forEach(reason -> err.println("  - " + reason));
      return 1;
    }
    List<KeyId> old = keyset.keys().stream().filter(key -> !key.equals(keyset.primary())).toList();
    if (old.isEmpty()) {
      out.println(
          "There is nothing to remove: key %s is the only one.".formatted(keyset.primary()));
    } else {
      stored.replace(keyset.withPrimaryOnly());
      out.println("Removed %s. Left: key %s.".formatted(listed(old), keyset.primary()));
    }
    return 0;
  }

  static String listed(Collection<KeyId> keys) {
    return (keys.size() == 1 ? "key " : "keys ")
        + keys.stream().map(KeyId::toString).collect(Collectors.joining(", "));
  }

  private static List<String> against(Management service, KeyId primary) {
    return switch (service.ask()) {
      case Answer.Silent(String why) -> List.of(service.name() + " " + Visible.oneLine(why));
      case Answer.Told(KeysetStatus status, var json) when status.isDoneUnder(primary) -> List.of();
      case Answer.Told(KeysetStatus status, var json) when !status.primary().equals(primary) ->
          List.of(
              "%s encrypts with key %s, and not with key %s as the file says"
                  .formatted(service.name(), status.primary(), primary));
      case Answer.Told(KeysetStatus status, var json) ->
          List.of(
              "%s has %d secrets left under other keys, and %d that do not open"
                  .formatted(service.name(), status.remaining(), status.unreadable()));
    };
  }
}
