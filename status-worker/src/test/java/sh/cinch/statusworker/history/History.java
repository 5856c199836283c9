package sh.cinch.statusworker.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;

/** A repository whose builds are told of as a plan says. */
final class History {

  private static final int COMMITS = 2;

  private final long seed;
  private final HistoryStand stand;
  private final Repository repository;
  private final String workspaceUuid;
  private final List<String> formerNames = new ArrayList<>();
  private final List<String> commits;
  private final Queue<Step> steps;
  private final Map<String, Told> told = new LinkedHashMap<>();
  private final Map<String, String> poisons = new HashMap<>();
  private final List<Sent> sent = new ArrayList<>();
  private String fullName;
  private UUID credential;

  private record Sent(Told told, Future<RecordMetadata> taken) {}

  History(long seed, HistoryStand stand) {
    this.seed = seed;
    this.stand = stand;
    this.fullName = "acme/h" + seed + "-" + UUID.randomUUID();
    JsonObject onBitbucket = stand.bitbucket.repository(fullName);
    this.workspaceUuid = onBitbucket.getJsonObject("workspace").getString("uuid");
    this.repository =
        new Repository(
            UUID.randomUUID(),
            Repository.BITBUCKET_CLOUD,
            fullName,
            onBitbucket.getString("uuid"),
            "https://bitbucket.org/" + fullName + ".git");
    this.credential = newCredential();
    this.commits = new ArrayList<>();
    for (int i = 0; i < COMMITS; i++) {
      commits.add(stand.bitbucket.push(fullName, "refs/heads/main"));
    }
    this.steps = new ArrayDeque<>(Plan.of(seed, commits, Instant.now()));
    connected();
  }

  long seed() {
    return seed;
  }

  UUID id() {
    return repository.id();
  }

  String fullName() {
    return fullName;
  }

  List<String> commits() {
    return List.copyOf(commits);
  }

  /** What was told, each once, in the order in which the broker took it. */
  List<Told> told() {
    return List.copyOf(told.values());
  }

  boolean isOver() {
    return steps.isEmpty();
  }

  /** Takes some steps. */
  void go(int many) {
    for (int i = 0; i < many && !steps.isEmpty(); i++) {
      take(steps.remove());
    }
  }

  /** Waits until the broker has taken what was told. */
  void taken() throws InterruptedException {
    for (Sent one : sent) {
      try {
        Instant at = Instant.ofEpochMilli(one.taken().get().timestamp());
        told.putIfAbsent(one.told().mark(), one.told().taken(at));
      } catch (ExecutionException e) {
        throw new AssertionError(e);
      }
    }
    sent.clear();
  }

  private void take(Step step) {
    switch (step) {
      case Step.Tell(Told what, Step.Naming by) -> tell(what, by);
      case Step.Repeat(Told what) -> tell(what, Step.Naming.ID);
      case Step.Poison(int lane, String commit, String event, String value) ->
          poison(lane, commit, event, value);
      case Step.Break(String commit, Map<String, Object> fault) -> {
        Map<String, Object> here = new HashMap<>(fault);
        here.put("path", "*" + commit + "*");
        stand.bitbucket.fault(here);
      }
      case Step.Befall(String commit, Wire.Mishap mishap) -> stand.wire.arm(commit, mishap);
      case Step.Rename(String suffix, boolean redirects) -> {
        stand.bitbucket.rename(fullName, fullName + suffix, redirects);
        formerNames.addFirst(fullName);
        fullName += suffix;
        connected();
      }
      case Step.Reconnect() -> {
        credential = newCredential();
        connected();
      }
    }
  }

  private UUID newCredential() {
    UUID id = UUID.randomUUID();
    stand.tokenService.credential(id, stand.bitbucket.token(fullName, "repository"));
    return id;
  }

  private void connected() {
    stand.topics.write(
        Topic.CONNECTION,
        repository.id().toString(),
        new ConnectionEvent(
            new Repository(
                repository.id(),
                repository.forge(),
                fullName,
                repository.uuid(),
                repository.cloneUrl()),
            workspaceUuid,
            List.copyOf(formerNames),
            ConnectionEvent.State.CONNECTED,
            credential,
            null,
            Instant.now()));
  }

  private void tell(Told what, Step.Naming by) {
    JsonObject value =
        new JsonObject()
            .put("repository", named(by))
            .put("commit", what.commit())
            .put("state", what.state())
            .put("description", what.mark())
            .put("occurredAt", what.occurredAt().toString());
    putUnlessNull(value, "key", what.key());
    putUnlessNull(value, "ref", what.ref());
    putUnlessNull(value, "number", what.number());
    putUnlessNull(value, "sequence", what.sequence());
    putUnlessNull(value, "name", what.name());
    putUnlessNull(value, "url", what.url());
    sent.add(new Sent(what, send(what.lane(), what.commit(), what.mark(), value.encode())));
  }

  private static void putUnlessNull(JsonObject in, String field, @Nullable Object value) {
    if (value != null) {
      in.put(field, value);
    }
  }

  private JsonObject named(Step.Naming by) {
    String name =
        switch (by) {
          case ID -> "";
          case NAME -> fullName;
          case FORMER_NAME -> formerNames.isEmpty() ? fullName : formerNames.getFirst();
        };
    return name.isEmpty()
        ? new JsonObject().put("id", repository.id().toString())
        : new JsonObject().put("forge", repository.forge()).put("fullName", name);
  }

  private void poison(int lane, String commit, String event, String value) {
    String filled =
        value
            .replace('\'', '"')
            .replace("REPOSITORY", repository.id().toString())
            .replace("COMMIT", commit)
            .replace("NOW", Instant.now().toString());
    Future<RecordMetadata> unused = send(lane, commit, event, filled);
    poisons.put(event, filled);
  }

  /** The records that must have become dead letters, by their ids. */
  Map<String, String> poisons() {
    return Map.copyOf(poisons);
  }

  private Future<RecordMetadata> send(int lane, String commit, String event, String value) {
    RecordHeaders headers = new RecordHeaders();
    headers.add("ce_id", event.getBytes(UTF_8));
    String key = repository.id() + ":" + commit + (lane == 0 ? "" : ":other");
    return stand.producer.send(
        new ProducerRecord<>(
            Topic.BUILD_STATE.name(), null, key.getBytes(UTF_8), value.getBytes(UTF_8), headers));
  }

  @Override
  public String toString() {
    return "history %d of %s (%s)".formatted(seed, fullName, id());
  }
}
