package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import sh.cinch.cli.server.Answer;
import sh.cinch.cli.server.Outgoing;
import sh.cinch.cli.server.Refusal;
import sh.cinch.cli.server.Server;

/**
 * What a release asks of Cinch.
 *
 * @param patience how long Cinch, or Bitbucket behind it, may be away
 */
record ReleaseCalls(Server server, Sleeper sleeper, Progress progress, Duration patience) {

  /**
   * @param name the pattern that files are named by
   * @param checksums whether a file of checksums goes along
   */
  record Options(String name, boolean checksums) {}

  Plan plan(Target target, Options options, List<LocalFile> files) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("repository", Map.of("forge", target.forge(), "fullName", target.fullName()));
    body.put("tag", target.tag());
    target.commit().ifPresent(commit -> body.put("commit", commit));
    body.put("options", options);
    body.put("files", files.stream().map(ReleaseCalls::file).toList());
    return Plan.of(
        patiently(
            "Asking what would be replaced",
            () -> server.ask("POST", "/releases?dryRun=true", body, Map.of())));
  }

  /**
   * @param artifacts ids by what they hold
   * @param key the same for every try, so that one release comes of them
   * @return the release's id
   */
  String request(
      Plan plan,
      Options options,
      List<LocalFile> files,
      Map<LocalFile.Content, String> artifacts,
      String key) {
    List<Map<String, Object>> sent = new ArrayList<>();
    for (LocalFile file : files) {
      Map<String, Object> one = file(file);
      one.put("source", "artifact:" + artifacts.get(file.content()));
      sent.add(one);
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("repository", Map.of("id", plan.repositoryId()));
    body.put("tag", plan.tag());
    body.put("commit", plan.commit());
    body.put("options", options);
    body.put("files", sent);
    JsonNode answer =
        patiently(
            "Asking for the release",
            () -> server.ask("POST", "/releases", body, Map.of("Idempotency-Key", key)));
    return new Field(answer).text("id");
  }

  /** Once. */
  Answer view(String id) {
    return server.ask("GET", "/releases/" + encoded(id), null, Map.of());
  }

  /** Once: how much of it Cinch has. */
  Answer stored(String repositoryId, LocalFile.Content content) {
    return server.ask(
        "GET",
        "/artifacts?repository=%s&sha256=%s&size=%d"
            .formatted(encoded(repositoryId), content.sha256(), content.size()),
        null,
        Map.of());
  }

  /** Once: what is missing of it. */
  Answer send(String repositoryId, LocalFile file, long from, LongConsumer reached) {
    LocalFile.Content content = file.content();
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put(
        "Digest",
        "sha-256=" + Base64.getEncoder().encodeToString(HexFormat.of().parseHex(content.sha256())));
    if (from > 0) {
      headers.put(
          "Content-Range", "bytes %d-%d/%d".formatted(from, content.size() - 1, content.size()));
    }
    return server.put(
        "/artifacts?repository=" + encoded(repositoryId),
        new Outgoing(file.path(), from, content.size(), reached),
        headers);
  }

  String lookAt(String id) {
    return "%s/api/v1/releases/%s".formatted(server.url(), encoded(id));
  }

  Retries retries(String what) {
    return new Retries(what, sleeper, progress, patience);
  }

  private JsonNode patiently(String what, Supplier<Answer> call) {
    Retries retries = retries(what);
    while (true) {
      switch (call.get()) {
        case Answer.Done(int ignored, JsonNode body) -> {
          return body;
        }
        case Answer.Refused(int ignored, String words, JsonNode problem) ->
            throw new Refusal(words);
        case Answer.Away(String why, Optional<Duration> wait) -> retries.failed(why, wait);
      }
    }
  }

  private static Map<String, Object> file(LocalFile file) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("name", file.name());
    body.put("size", file.content().size());
    body.put("sha256", file.content().sha256());
    return body;
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
