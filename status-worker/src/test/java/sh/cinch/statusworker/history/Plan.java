package sh.cinch.statusworker.history;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import sh.cinch.statusworker.history.Step.Befall;
import sh.cinch.statusworker.history.Step.Break;
import sh.cinch.statusworker.history.Step.Naming;
import sh.cinch.statusworker.history.Step.Poison;
import sh.cinch.statusworker.history.Step.Reconnect;
import sh.cinch.statusworker.history.Step.Rename;
import sh.cinch.statusworker.history.Step.Repeat;
import sh.cinch.statusworker.history.Step.Tell;

/** One history of one repository, as a seed has it. */
final class Plan {

  private static final String[] REFS = {
    null,
    null,
    "",
    "main",
    "refs/heads/main",
    "develop",
    "refs/heads/feature/größe-⛄",
    "refs/tags/v1"
  };
  private static final String[] KEYS = {
    null,
    "unit",
    "x",
    "Prüfung auf Herz und Nieren 🧪",
    "integration tests on linux with the newest database, shard 1",
    "integration tests on linux with the newest database, shard 2",
    "🧪".repeat(40),
    "🧪".repeat(41),
    "a key of forty characters, all that fit."
  };
  private static final String[] ENDS = {"success", "success", "failure", "error", "cancelled"};
  private static final List<String> POISON =
      List.of(
          "",
          "{",
          "[]",
          "{'repository':{'id':'REPOSITORY'},'commit':'COMMIT','state':'passed','occurredAt':'NOW'}",
          "{'repository':{'id':'REPOSITORY'},'commit':'COMMIT','state':'success'}",
          "{'repository':{'id':'REPOSITORY'},'commit':'c0ffee','state':'success','occurredAt':'NOW'}",
          "{'repository':{},'commit':'COMMIT','state':'success','occurredAt':'NOW'}",
          "{'repository':{'id':'REPOSITORY'},'commit':'COMMIT','state':'success','ref':'a:b','occurredAt':'NOW'}",
          "{'repository':{'id':'REPOSITORY'},'commit':'COMMIT','state':'success','occurredAt':'1999-12-31T23:59:59Z'}",
          "{'repository':{'forge':'bitbucket-cloud','fullName':'nobody/nothing'},'commit':'COMMIT','state':'success','occurredAt':'NOW'}");

  private final long seed;
  private final Random random;
  private final Instant now;
  private final List<Step> steps = new ArrayList<>();
  private int marks;

  private Plan(long seed, Instant now) {
    this.seed = seed;
    this.random = new Random(seed * 0x9E3779B97F4A7C15L);
    this.now = now;
  }

  /**
   * @param commits of the repository
   * @param now by the broker's clock
   */
  static List<Step> of(long seed, List<String> commits, Instant now) {
    Plan plan = new Plan(seed, now);
    commits.forEach(plan::commit);
    plan.disturb(commits);
    return List.copyOf(plan.steps);
  }

  private String mark(int number) {
    return "h%d/%d".formatted(seed, number);
  }

  private <T> T oneOf(T[] some) {
    return some[random.nextInt(some.length)];
  }

  private boolean inPercent(int chance) {
    return random.nextInt(100) < chance;
  }

  private void commit(String commit) {
    List<String> keys = new ArrayList<>(Arrays.asList(KEYS));
    Collections.shuffle(keys, random);
    int lanes = inPercent(25) ? 2 : 1;
    for (String key : keys.subList(0, 1 + random.nextInt(2))) {
      List<Step> told = new ArrayList<>();
      int builds = 1 + random.nextInt(4);
      boolean isByNumber = inPercent(80);
      for (int build = 1; build <= builds; build++) {
        told.addAll(build(commit, key, build, isByNumber, lanes));
      }
      if (inPercent(60)) {
        mix(told);
      }
      merge(told);
    }
  }

  /** The states of one build, mostly as a good runner tells them. */
  private List<Step> build(
      String commit, @Nullable String key, int build, boolean isByNumber, int lanes) {
    String ref = oneOf(REFS);
    String number = isByNumber || inPercent(10) ? String.valueOf(inPercent(10) ? 1 : build) : null;
    int sequences = random.nextInt(3);
    int second = build * 40 + random.nextInt(60);
    List<Step> told = new ArrayList<>();
    int states = 1 + random.nextInt(4);
    boolean isToldLate = inPercent(20);
    long sequence = random.nextInt(3);
    for (int i = 0; i < states + (isToldLate ? 1 : 0); i++) {
      String state =
          i == states - 1 && inPercent(75)
              ? oneOf(ENDS)
              : i == 0 && inPercent(40) ? "pending" : inPercent(15) ? oneOf(ENDS) : "running";
      boolean isInOrder = sequences == 1 || (sequences == 2 && inPercent(70));
      second += random.nextInt(5);
      String mark = mark(marks++);
      told.add(
          new Tell(
              new Told(
                  mark,
                  random.nextInt(lanes),
                  commit,
                  key,
                  inPercent(10) ? null : ref,
                  number,
                  state,
                  isInOrder ? sequence++ : null,
                  occurredAt(inPercent(isInOrder ? 20 : 5) ? random.nextInt(300) : second),
                  inPercent(50) ? "Build " + build : null,
                  inPercent(50) ? "https://ci.example.com/" + mark : null,
                  Instant.MAX),
              inPercent(70) ? Naming.ID : inPercent(60) ? Naming.NAME : Naming.FORMER_NAME));
    }
    return told;
  }

  /** A runner's clock may be far ahead; then what it says does not count. */
  private Instant occurredAt(int second) {
    return switch (random.nextInt(60)) {
      case 0 -> now.plus(Duration.ofDays(20_000)).plusSeconds(second);
      case 1 -> now.plus(Duration.ofMinutes(20)).plusSeconds(second);
      case 2 -> now.plus(Duration.ofMinutes(2));
      default -> now.minus(Duration.ofMinutes(30)).plusSeconds(second);
    };
  }

  /** As far as they may be out of order, repeated and lost. */
  private void mix(List<Step> told) {
    if (inPercent(30)) {
      Collections.shuffle(told, random);
    } else {
      for (int i = 0; i < told.size(); i++) {
        Collections.swap(told, i, Math.min(told.size() - 1, i + random.nextInt(3)));
      }
    }
    for (int i = 0; i < told.size(); i++) {
      if (inPercent(12) && told.get(i) instanceof Tell tell) {
        told.add(i + 1 + random.nextInt(told.size() - i), new Repeat(tell.told()));
      }
    }
    if (inPercent(15)) {
      List<Step> all = List.copyOf(told);
      all.forEach(
          step -> {
            if (step instanceof Tell tell) {
              told.add(new Repeat(tell.told()));
            }
          });
    }
  }

  /** Among what is there already, each in its order. */
  private void merge(List<Step> told) {
    int at = 0;
    for (Step step : told) {
      at += random.nextInt(Math.max(1, (steps.size() - at) / told.size() + 2));
      at = Math.min(at, steps.size());
      steps.add(at++, step);
    }
  }

  private void disturb(List<String> commits) {
    int poisons = random.nextInt(3);
    for (int i = 0; i < poisons; i++) {
      String value = POISON.get(random.nextInt(POISON.size()));
      String commit = commits.get(random.nextInt(commits.size()));
      String event = inPercent(40) ? mark(random.nextInt(marks)) : mark(-1 - i);
      anywhere(new Poison(random.nextInt(2), commit, event, value));
    }
    int faults = random.nextInt(4);
    for (int i = 0; i < faults; i++) {
      anywhere(new Break(commits.get(random.nextInt(commits.size())), fault()));
    }
    int mishaps = random.nextInt(4);
    for (int i = 0; i < mishaps; i++) {
      anywhere(new Befall(commits.get(random.nextInt(commits.size())), mishap()));
    }
    if (inPercent(25)) {
      anywhere(new Rename("-renamed", random.nextBoolean()));
    }
    if (inPercent(25)) {
      anywhere(new Reconnect());
    }
  }

  private Wire.Mishap mishap() {
    Wire.Mishap.Late late = new Wire.Mishap.Late(Duration.ofMillis(500 + random.nextInt(11_500)));
    if (inPercent(40)) {
      return late;
    }
    return new Wire.Mishap.Paused(inPercent(30) ? late : null);
  }

  private void anywhere(Step step) {
    steps.add(random.nextInt(steps.size() + 1), step);
  }

  private Map<String, Object> fault() {
    Map<String, Object> fault = new HashMap<>();
    fault.put("times", 1 + random.nextInt(3));
    switch (random.nextInt(8)) {
      case 0 -> fault.putAll(Map.of("kind", "status", "status", 503));
      case 1 -> fault.putAll(Map.of("kind", "status", "status", 500));
      case 2 -> fault.putAll(Map.of("kind", "status", "status", 502));
      case 3 ->
          fault.putAll(
              Map.of("kind", "status", "status", 429, "headers", Map.of("Retry-After", "7")));
      case 4 -> fault.put("kind", "reset");
      case 5 -> fault.put("kind", "lost-response");
      case 6 -> fault.putAll(Map.of("kind", "late-effect", "ms", 1 + random.nextInt(150)));
      default -> fault.putAll(Map.of("kind", "latency", "ms", 1 + random.nextInt(150)));
    }
    return fault;
  }
}
