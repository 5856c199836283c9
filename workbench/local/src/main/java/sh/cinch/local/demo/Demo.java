package sh.cinch.local.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jsoup.nodes.Document;
import sh.cinch.local.demo.Forge.Pushed;
import sh.cinch.local.demo.Runner.Event;
import sh.cinch.local.stack.Addresses;

/**
 * The main job, driven as people and runners would: connect through the OAuth pages, push three
 * refs at once, report builds, release two files. Every step is checked from Bitbucket's side.
 */
public final class Demo {

  private static final String REPOSITORY = "acme/app";
  private static final String TAG = "v1.0.0";
  private static final List<String> REFS =
      List.of("refs/heads/main", "refs/heads/develop", "refs/tags/" + TAG);
  private static final int WARM_UP = 15;
  private static final int ROUNDS = 40;
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration GOAL = Duration.ofMillis(100);

  private final Addresses addresses;
  private final Path stackFile;
  private final URI bitbucket;
  private final Forge forge;
  private final Timeline timeline;

  /**
   * @param stackFile where the stack says how it is reached
   */
  public Demo(Addresses addresses, Path stackFile, PrintWriter out) {
    this.addresses = addresses;
    this.stackFile = stackFile;
    this.bitbucket = addresses.simulator().orElseThrow();
    this.forge = new Forge(bitbucket, REPOSITORY);
    this.timeline = new Timeline(out);
  }

  /**
   * @return whether everything was as it should be
   */
  public boolean run() {
    try (Runner runner = Runner.of(stackFile)) {
      connect();
      List<Event> pushes = push(runner);
      build(runner, pushes);
      release(runner);
      measure(runner);
      addresses();
      return true;
    } catch (Unexpected unexpected) {
      timeline.failed(unexpected.what());
      return false;
    }
  }

  private void connect() {
    forge.createRepository();
    timeline.chapter("Connect", "a person clicks Add Bitbucket and picks " + REPOSITORY);
    Person person = new Person();
    Document landing = person.open(addresses.ingress());
    timeline.moment("Cinch's page, with the button Add Bitbucket");
    Document consent = person.follow(landing, "/auth/bitbucket");
    expect(
        consent.location().startsWith(bitbucket.toString()) || isBitbucket(consent),
        "a consent page");
    timeline.moment("Bitbucket asks whether Cinch may");
    Document choice = person.submit(consent, "authorize", List.of(), Map.of("decision", "grant"));
    timeline.moment("signed in; Cinch lists the repositories this person administers");
    Document connected = person.submit(choice, "connect", List.of(REPOSITORY), Map.of());
    expect(
        connected.text().contains(REPOSITORY), "a page that says " + REPOSITORY + " is connected");
    timeline.moment("connected");

    List<JsonNode> hooks = forge.hooks();
    expect(hooks.size() == 1, "one webhook, not " + hooks.size());
    JsonNode hook = hooks.getFirst();
    expect(hook.path("secret_set").asBoolean(), "a webhook with a secret");
    expect(hook.path("active").asBoolean(), "an active webhook");
    timeline.verified("on Bitbucket: one webhook, active, with a secret, for pushes");
  }

  private List<Event> push(Runner runner) {
    timeline.chapter("Push", "main, develop and a tag move together, in one push");
    Instant start = Instant.now();
    Pushed pushed = forge.push(REFS);
    expect(pushed.status() == 202, "202 to the delivery, not " + pushed.status());
    List<Event> events = runner.awaitPushes(REFS.size());
    timeline.note(
        "Bitbucket delivered it once; Cinch answered %d after %d ms"
            .formatted(pushed.status(), pushed.deliveryMs()));
    for (Event event : events) {
      timeline.moment(
          start,
          event.brokerTime(),
          "%-20s %s  on cinch.push.v1"
              .formatted(event.text("ref"), event.text("commit").substring(0, 8)));
    }
    expect(
        events.stream().map(event -> event.text("ref")).toList().equals(REFS),
        "the refs in the order of the push");
    for (int i = 0; i < events.size(); i++) {
      expect(
          events.get(i).text("new").equals(pushed.changes().get(i).hash()),
          "the hash that Bitbucket has for " + REFS.get(i));
    }
    expect(
        events.stream().map(Event::id).distinct().count() == REFS.size(), "an id for each event");
    timeline.verified("three refs, three events, in order; many an integration loses two of them");
    return events;
  }

  private void build(Runner runner, List<Event> pushes) {
    timeline.chapter("Build", "a runner takes the pushes and reports how its builds go");
    int number = 400;
    for (Event push : pushes) {
      String check = push.text("ref").endsWith("develop") ? "lint" : "unit";
      String last = check.equals("lint") ? "failure" : "success";
      String expected = check.equals("lint") ? "FAILED" : "SUCCESSFUL";
      number++;
      follow(runner, push, check, number, 1, "running", "INPROGRESS");
      follow(runner, push, check, number, 2, last, expected);
    }
    expect(
        forge.writes().size() == 2 * pushes.size(),
        "%d writes on Bitbucket, none twice".formatted(2 * pushes.size()));
    timeline.verified("on Bitbucket: each commit shows its newest state, each state written once");
    timeline.verified("on cinch.outcome.v1: what became of each, for dashboards");

    Event push = pushes.getFirst();
    runner.report(push, "unit", "401", 1, "running");
    Event late = runner.awaitOutcomes(1).getFirst();
    expect(late.text("outcome").equals("superseded"), "a late running superseded");
    expect(
        forge.state(push.text("commit"), "unit").equals("SUCCESSFUL"),
        "the commit still successful");
    timeline.verified("a running that came late changed nothing: the commit stays green");
  }

  private void follow(
      Runner runner,
      Event push,
      String check,
      int number,
      int sequence,
      String state,
      String expected) {
    String commit = push.text("commit");
    Instant reported = runner.report(push, check, String.valueOf(number), sequence, state);
    Forge.Write write = await(commit, check, expected);
    timeline.moment(
        reported,
        write.time().toInstant(),
        "%s %-5s %-8s → %-10s on Bitbucket"
            .formatted(commit.substring(0, 8), check, state, expected));
    Event outcome = runner.awaitOutcomes(1).getFirst();
    expect(
        outcome.text("outcome").equals("delivered") && outcome.text("commit").equals(commit),
        "an outcome that says delivered, not " + outcome.body());
  }

  private void release(Runner runner) {
    timeline.chapter("Release", "the tag's build runs cinch release dist/*");
    Map<String, Forge.Stored> files;
    try (Dist dist = Dist.make()) {
      files = dist.files();
      List<String> told = dist.release(stackFile, REPOSITORY, TAG);
      timeline.moment("cinch release ended, and said:");
      told.forEach(timeline::note);
    }
    List<Event> outcomes =
        runner.awaitOutcomes(
            event ->
                event.text("kind").equals("release") && event.text("outcome").equals("delivered"));
    expect(
        outcomes.stream().filter(event -> event.text("kind").equals("release-file")).count()
            == files.size() + 1,
        "an outcome for each file and for the checksums");
    Map<String, Forge.Stored> there = forge.downloads();
    expect(
        there.entrySet().containsAll(files.entrySet()), "the files, byte for byte, not " + there);
    expect(there.containsKey(TAG + "-SHA256SUMS"), "their checksums, named for the tag");
    timeline.verified("in Bitbucket's Downloads: both files, byte for byte, and their checksums");
  }

  private void measure(Runner runner) {
    timeline.chapter(
        "Measure", "the same way %d times, now that everything is warm".formatted(ROUNDS));
    Figures event = new Figures();
    Figures status = new Figures();
    Figures whole = new Figures();
    for (int round = 0; round < WARM_UP + ROUNDS; round++) {
      Instant start = Instant.now();
      forge.push(List.of("refs/heads/main"));
      Event push = runner.awaitPushes(1).getFirst();
      Instant reported = runner.report(push, "unit", String.valueOf(1000 + round), 1, "success");
      Instant posted = await(push.text("commit"), "unit", "SUCCESSFUL").time().toInstant();
      if (round >= WARM_UP) {
        event.add(Duration.between(start, push.brokerTime()));
        status.add(Duration.between(reported, posted));
        whole.add(Duration.between(start, posted));
      }
    }
    runner.awaitOutcomes(WARM_UP + ROUNDS);
    timeline.note("push → event on Kafka          " + event);
    timeline.note("build state → on Bitbucket     " + status);
    timeline.note("push → status on Bitbucket     " + whole);
    timeline.note("");
    timeline.note("The first is Bitbucket's delivery, its signature checked, and Kafka's");
    timeline.note(
        "acknowledgement. The second is a row in PostgreSQL, a lease and Bitbucket's own");
    timeline.note("answer. The third is all of it, with the runner's part in between.");
    // A figure, not a check: a busy machine is slow, and everything still holds.
    if (whole.median().compareTo(GOAL) < 0) {
      timeline.verified(
          "half of all pushes have their status within %d ms (goal: %d ms)"
              .formatted(whole.median().toMillis(), GOAL.toMillis()));
    } else {
      timeline.note(
          "The goal is a median under %d ms; this machine is busy.".formatted(GOAL.toMillis()));
    }
  }

  private void addresses() {
    timeline.line("");
    timeline.title("Everything held.");
    timeline.line("   Cinch                 " + addresses.ingress());
    timeline.line("   Bitbucket, simulated  " + bitbucket + "/" + REPOSITORY);
    timeline.line("   Kafka                 " + addresses.kafka().bootstrapServers());
    timeline.line("   PostgreSQL            " + addresses.database().url());
  }

  private Forge.Write await(String commit, String key, String state) {
    return await(
        () ->
            forge.writes().reversed().stream()
                .filter(
                    write ->
                        write.commit().equals(commit)
                            && write.key().equals(key)
                            && write.state().equals(state)
                            && write.answer() < 300)
                .findFirst()
                .orElse(null),
        "%s of %s on Bitbucket".formatted(state, commit.substring(0, 8)));
  }

  private static <T> T await(Supplier<@org.jspecify.annotations.Nullable T> look, String what) {
    long patience = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < patience) {
      T found = look.get();
      if (found != null) {
        return found;
      }
      try {
        Thread.sleep(2);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Unexpected("interrupted");
      }
    }
    throw new Unexpected("waited %d s for %s".formatted(PATIENCE.toSeconds(), what));
  }

  private boolean isBitbucket(Document page) {
    return URI.create(page.location()).getPort() == bitbucket.getPort();
  }

  private static void expect(boolean holds, String what) {
    if (!holds) {
      throw new Unexpected("expected " + what);
    }
  }
}
