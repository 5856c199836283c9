package sh.cinch.cli.repo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.TemporalAccessor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import sh.cinch.cli.server.ForgeNames;
import sh.cinch.cli.server.ServerOptions;
import sh.cinch.cli.terminal.Json;
import sh.cinch.schema.text.Visible;

/** {@code cinch repo add}: connects one repository with a token that its owner made by hand. */
@Command(
    name = "add",
    description = {
      "Connects a repository with a token you made for it.",
      "",
      "A Repository Access Token opens this one repository and nothing else: Repository settings >",
      "Access tokens > Create, with the scopes Repositories: Read (for build statuses), Webhooks",
      "(so that Cinch makes the webhook itself) and Repositories: Write (for releases).",
      "",
      "Tokens end. To renew one, run the same command with the new token: the repository stays",
      "connected, with its id, its webhook and its history. Revoke the old one a day later, when"
          + " the",
      "builds that it reported have ended: only the token that began a status may finish it.",
      ""
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AddCommand implements Callable<Integer> {

  private static final Pattern FULL_NAME = Pattern.compile("[^/\\s]+/[^/\\s]+");

  @Spec private CommandSpec spec;
  @Mixin private ServerOptions server;

  @Option(
      names = "--forge",
      required = true,
      paramLabel = "FORGE",
      description = "Where the repository is: bitbucket.")
  private String forge;

  @Option(
      names = "--repo",
      required = true,
      paramLabel = "WORKSPACE/REPO",
      description = "The repository, as in its address on bitbucket.org.")
  private String repository;

  @Option(
      names = "--token",
      required = true,
      paramLabel = "TOKEN|-",
      description = "The token; - reads it from standard input, where no process list shows it.")
  private String token;

  @Option(
      names = "--email",
      paramLabel = "ADDRESS",
      description = "Your Atlassian account's e-mail: only for a personal API token.")
  private @Nullable String email;

  @Option(
      names = "--expires",
      paramLabel = "DATE",
      description = {
        "When the token ends, as Bitbucket showed when you made it: 2027-01-31, or a time with its"
            + " offset. Bitbucket makes access tokens expire, and Cinch cannot read the date from"
            + " the token: told, it warns before builds stop."
      })
  private @Nullable String expires;

  @Option(
      names = "--allow-unsigned",
      description = "Accept deliveries without a signature (only where your Bitbucket sends none).")
  private boolean allowUnsigned;

  @Option(
      names = "--replace",
      description = "Replace another account's credential on this repository.")
  private boolean replace;

  @Option(
      names = "--forget",
      description = {
        "Erase at once the credential that this one replaces. Cinch keeps that for 24 hours"
            + " otherwise, only to finish the build statuses that it began."
      })
  private boolean forget;

  @Option(names = "--json", description = "Print Cinch's answer as JSON, for scripts.")
  private boolean json;

  @Override
  public Integer call() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("forge", forge());
    body.put("fullName", fullName());
    body.put("token", token());
    if (email != null) {
      body.put("email", email);
    }
    if (expires != null) {
      body.put("expiresAt", date(expires));
    }
    if (allowUnsigned) {
      body.put("allowUnsigned", true);
    }
    JsonNode connected =
        Objects.requireNonNull(
            server.server().call("POST", "/repositories" + query(), body),
            "Cinch's answer has no body");
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(Json.pretty(connected));
    } else {
      print(connected, out);
    }
    return 0;
  }

  private String query() {
    String flags =
        Stream.of(replace ? "replace=true" : "", forget ? "forget=true" : "")
            .filter(flag -> !flag.isEmpty())
            .collect(Collectors.joining("&"));
    return flags.isEmpty() ? "" : "?" + flags;
  }

  private String forge() {
    return ForgeNames.of(forge)
        .orElseThrow(
            () ->
                wrong(
                    "--forge is '%s': bitbucket is the one there is."
                        .formatted(Visible.oneLine(forge))));
  }

  private String fullName() {
    if (!FULL_NAME.matcher(repository).matches()) {
      throw wrong(
          "--repo is '%s': WORKSPACE/REPO is expected, such as acme/app."
              .formatted(Visible.oneLine(repository)));
    }
    return repository;
  }

  private String date(String text) {
    try {
      TemporalAccessor unused =
          text.contains("T") ? OffsetDateTime.parse(text) : LocalDate.parse(text);
      return text;
    } catch (DateTimeParseException e) {
      throw wrong(
          "--expires is '%s': a date such as 2027-01-31 is expected."
              .formatted(Visible.oneLine(text)));
    }
  }

  private ParameterException wrong(String what) {
    return new ParameterException(spec.commandLine(), what);
  }

  private String token() {
    String given = token.equals("-") ? firstLineOfStandardInput() : token;
    if (given.isBlank()) {
      throw wrong("--token is empty.");
    }
    return given.strip();
  }

  private static String firstLineOfStandardInput() {
    try {
      String line =
          new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
      return line == null ? "" : line;
    } catch (IOException e) {
      return "";
    }
  }

  private static void print(JsonNode connected, PrintWriter out) {
    out.printf("Connected %s (%s)%n", text(connected, "fullName"), text(connected, "id"));
    String end = text(connected.path("credential"), "expiresAt");
    out.printf(
        "  credential  %s, %s, scopes: %s%s%n",
        text(connected.path("credential"), "kind"),
        text(connected.path("credential"), "state"),
        StreamSupport.stream(connected.path("credential").path("scopes").spliterator(), false)
            .map(JsonNode::asText)
            .map(Visible::oneLine)
            .collect(Collectors.joining(" ")),
        end.isEmpty() ? "" : ", until " + end);
    JsonNode webhook = connected.path("webhook");
    out.printf(
        "  webhook     %s, %s%n",
        webhook.path("managed").asBoolean() ? "made by Cinch" : "to be made by you",
        text(webhook, "url"));
    for (JsonNode warning : connected.path("warnings")) {
      out.printf("  note        %s%n", Visible.oneLine(warning.asText()));
    }
    out.println();
    if (connected.has("manualWebhook")) {
      ManualWebhook.of(connected).print(out);
    } else {
      out.println("You're all set. Push to trigger a build.");
    }
  }

  private static String text(JsonNode node, String field) {
    return Visible.oneLine(node.path(field).asText());
  }
}
