package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import sh.cinch.cli.server.Answer;
import sh.cinch.cli.server.Refusal;
import sh.cinch.schema.text.Visible;

/** Files on their way to Cinch, a few at once; what Cinch has already is not sent again. */
record Uploads(ReleaseCalls calls, String repositoryId, Sleeper sleeper, Progress progress) {

  /** More would share the same line; one alone leaves it idle between files. */
  private static final int AT_ONCE = 3;

  private record Sent(LocalFile.Content content, String artifactId) {}

  /**
   * @return ids by what they hold
   * @throws Refusal the first that cannot be sent; the others are broken off
   */
  Map<LocalFile.Content, String> send(List<LocalFile> files) {
    Map<LocalFile.Content, LocalFile> distinct = new LinkedHashMap<>();
    files.forEach(file -> distinct.putIfAbsent(file.content(), file));
    Map<LocalFile.Content, String> artifacts = new HashMap<>();
    ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory());
    try {
      CompletionService<Sent> running = new ExecutorCompletionService<>(threads);
      distinct.values().forEach(file -> running.submit(() -> send(file)));
      for (int i = 0; i < distinct.size(); i++) {
        Sent sent = running.take().get();
        artifacts.put(sent.content(), sent.artifactId());
      }
      return artifacts;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Refusal refusal ? refusal : new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refusal("interrupted");
    } finally {
      threads.shutdownNow();
    }
  }

  private Sent send(LocalFile file) {
    String name = Visible.oneLine(file.name());
    Retries retries = calls.retries(name);
    Duration begun = sleeper.elapsed();
    long furthest = 0;
    while (true) {
      file.requireUnchanged();
      switch (missing(file)) {
        case Missing.Nothing(String id) -> {
          progress.say("  %s  is stored already".formatted(name));
          return new Sent(file.content(), id);
        }
        case Missing.Unknown(String why, Optional<Duration> wait) -> retries.failed(why, wait);
        case Missing.From(long from) -> {
          if (from > furthest) {
            furthest = from;
            retries.gotOn();
          }
          Optional<String> id = sendFrom(from, file, retries);
          if (id.isPresent()) {
            progress.say(
                "  %s  sent, %s in %s"
                    .formatted(
                        name,
                        Text.bytes(file.content().size()),
                        Text.duration(sleeper.elapsed().minus(begun))));
            return new Sent(file.content(), id.get());
          }
        }
      }
    }
  }

  private sealed interface Missing {
    record Nothing(String artifactId) implements Missing {}

    record From(long position) implements Missing {}

    record Unknown(String why, Optional<Duration> pause) implements Missing {}
  }

  private Missing missing(LocalFile file) {
    return switch (calls.stored(repositoryId, file.content())) {
      case Answer.Done(int ignored, JsonNode body) -> {
        long stored = body.path("stored").asLong();
        yield body.path("complete").asBoolean()
            ? new Missing.Nothing(new Field(body).text("id"))
            // All of it, yet not complete: sent as a whole, since no range is left to send.
            : new Missing.From(stored > 0 && stored < file.content().size() ? stored : 0);
      }
      case Answer.Refused(int status, String words, JsonNode problem) -> {
        if (status != 404) {
          throw new Refusal(words);
        }
        yield new Missing.From(0);
      }
      case Answer.Away(String why, Optional<Duration> wait) -> new Missing.Unknown(why, wait);
    };
  }

  /** Empty: to be tried again. */
  private Optional<String> sendFrom(long from, LocalFile file, Retries retries) {
    LocalFile.Content content = file.content();
    Answer answer;
    try (Progress.Step step = progress.begin("sending", file.name(), from, content.size())) {
      answer = calls.send(repositoryId, file, from, step::at);
    }
    switch (answer) {
      case Answer.Done(int ignored, JsonNode body) -> {
        return Optional.of(idOf(file, new Field(body)));
      }
      case Answer.Refused(int status, String words, JsonNode problem) -> {
        switch (status) {
          // Another upload of the same bytes got on meanwhile, or an earlier one was dropped.
          case 409 -> retries.failed(words, Optional.empty());
          case 422 -> {
            file.requireSameContent();
            retries.damaged(words);
          }
          default -> throw new Refusal("%s: %s".formatted(Visible.oneLine(file.name()), words));
        }
      }
      case Answer.Away(String why, Optional<Duration> wait) -> {
        file.requireUnchanged();
        retries.failed(why, wait);
      }
    }
    return Optional.empty();
  }

  private static String idOf(LocalFile file, Field stored) {
    LocalFile.Content content = file.content();
    if (stored.number("size").orElse(-1L) != content.size()
        || !stored.maybe("sha256").orElse("").equalsIgnoreCase(content.sha256())) {
      throw new Refusal(
          "%s: Cinch says that it stored other bytes than were sent. Nothing was released."
              .formatted(Visible.oneLine(file.name())));
    }
    return stored.text("id");
  }
}
