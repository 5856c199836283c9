package sh.cinch.cli.operator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import sh.cinch.cli.operator.Management.Answer;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;
import sh.cinch.service.keyset.KeysetStatus;
import sh.cinch.service.secret.KeyId;

/** {@code ./cinch keyset status}. */
@Command(
    name = "status",
    description = {
      "Shows how far all secrets are on their way to the key that encrypts now.",
      "",
      "Asks the instances of one service. They count the secrets in the one database they share,"
          + " so",
      "the numbers agree; what may differ for some seconds is which key they encrypt with.",
      "",
      "Exit codes: 0 every secret is under that key; 1 a service does not answer, did not take",
      "its file, or has secrets that do not open; 2 not understood; 3 not done yet.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class StatusCommand implements Callable<Integer> {

  private static final int DONE = 0;
  private static final int FAILED = 1;
  private static final int NOT_YET = 3;

  private final Duration between;

  @Spec private CommandSpec spec;

  @Mixin private ManagementOptions management;

  @Option(
      names = "--primary",
      paramLabel = "KEY",
      description = "The key that all are to encrypt with, as rotate printed it.")
  private @Nullable String primary;

  @Option(names = "--follow", description = "Go on until it is done, or cannot be.")
  private boolean follow;

  @Option(names = "--json", description = "A line of JSON each time, for scripts.")
  private boolean json;

  StatusCommand() {
    this(Duration.ofSeconds(1));
  }

  /**
   * @param between two rounds of questions
   */
  StatusCommand(Duration between) {
    this.between = between;
  }

  @Override
  public Integer call() throws InterruptedException {
    List<Management> services = management.services();
    Optional<KeyId> wanted = Optional.ofNullable(primary).map(KeyId::parse);
    while (true) {
      Map<Management, Answer> answers = new LinkedHashMap<>();
      services.forEach(service -> answers.put(service, service.ask()));
      print(answers);
      int code = judge(answers.values().stream().toList(), wanted);
      if (!follow || code != NOT_YET) {
        return code;
      }
      Thread.sleep(between);
    }
  }

  private static int judge(List<Answer> answers, Optional<KeyId> wanted) {
    Optional<KeyId> key = wanted;
    boolean done = true;
    for (Answer answer : answers) {
      switch (answer) {
        case Answer.Silent silent -> {
          return FAILED;
        }
        case Answer.Told(KeysetStatus status, JsonObject unused) -> {
          if (status.unreadable() > 0 || status.refused().isPresent()) {
            return FAILED;
          }
          key = key.or(() -> Optional.of(status.primary()));
          done &= status.isDoneUnder(key.get());
        }
      }
    }
    return done ? DONE : NOT_YET;
  }

  private void print(Map<Management, Answer> answers) {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      JsonArray line = new JsonArray();
      answers.forEach(
          (service, answer) -> {
            JsonObject entry = new JsonObject().put("management", service.name());
            switch (answer) {
              case Answer.Told(KeysetStatus status, JsonObject said) ->
                  line.add(entry.mergeIn(said));
              case Answer.Silent(String why) -> line.add(entry.put("problem", why));
            }
          });
      out.println(Json.spelt(line.encode()));
    } else {
      answers.forEach((service, answer) -> out.println(line(service, answer)));
    }
  }

  private static String line(Management service, Answer answer) {
    return switch (answer) {
      case Answer.Silent(String why) -> service.name() + "  " + Visible.oneLine(why);
      case Answer.Told(KeysetStatus status, JsonObject unused) ->
          "%s  key %s  %s%d of %d secrets under it%s%s"
              .formatted(
                  service.name(),
                  status.primary(),
                  status.remaining() + status.unreadable() == 0 ? "✔ " : "",
                  status.sealed(),
                  status.sealed() + status.remaining() + status.unreadable(),
                  status.unreadable() == 0
                      ? ""
                      : ", %d do not open: see its log".formatted(status.unreadable()),
                  status
                      .refused()
                      .map(Visible::oneLine)
                      .map("; it did not take what lies in its file: %s"::formatted)
                      .orElse(""));
    };
  }
}
