package sh.cinch.ingress;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;
import static sh.cinch.database.ingress.Tables.DEAD_LETTER;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterFilter;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterFilter.NamedRepository;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterReplay;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterState;
import sh.cinch.ingress.readmodel.deadletter.DeadRecords;
import sh.cinch.ingress.readmodel.deadletter.ListedDeadLetters;
import sh.cinch.ingress.stack.Api;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.FittingDeadLetter;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.kafka.RecordLookup;
import sh.cinch.testkit.Reply;

/** Dead letters as any consumer writes them, looked at and sent again over the API. */
@OnStack
class DeadLetterApiTest {

  private static final String TOPIC = Topic.BUILD_STATE.name();
  private static final String COMMIT = "ab".repeat(20);

  private final Stack stack;
  private final Api operator;
  private final RecordLookup lookup;
  private final UUID repository = UUID.randomUUID();
  private final String key = repository + ":" + COMMIT;
  private final String event = UUID.randomUUID().toString();
  private final Instant at =
      Instant.now().minus(Duration.ofMinutes(10)).truncatedTo(ChronoUnit.MILLIS);

  DeadLetterApiTest(Stack stack) {
    this.stack = stack;
    this.operator = stack.operator();
    this.lookup = new RecordLookup(stack.context().kafka());
  }

  @Test
  void aDeadLetterIsListedAndShown() {
    String id = write(state().encode().getBytes(UTF_8), Map.of("mine", "kept"));

    JsonObject listed = listed(id);
    assertThat(listed.getString("topic")).isEqualTo(TOPIC);
    assertThat(listed.getString("consumer")).isEqualTo("status-worker");
    assertThat(listed.getString("reason")).isEqualTo("Bitbucket does not know the commit");
    assertThat(listed.getInstant("at")).isEqualTo(at);
    assertThat(listed.getString("key")).isEqualTo(key);
    assertThat(listed.getJsonObject("repository").getString("id")).isEqualTo(repository.toString());
    assertThat(listed.getString("eventId")).isEqualTo(event);
    assertThat(listed.getInteger("bytes")).isEqualTo(state().encode().length());
    assertThat(listed.getString("state")).isEqualTo("open");
    assertThat(listed.getJsonArray("cut")).isEmpty();

    JsonObject shown = operator.get("/dead-letters/" + id).json();
    JsonObject record = (JsonObject) shown.remove("record");
    assertThat(shown).isEqualTo(listed);
    assertThat(record.getJsonObject("key").getString("text")).isEqualTo(key);
    assertThat(new JsonObject(record.getJsonObject("value").getString("text"))).isEqualTo(state());
    assertThat(record.getBoolean("isWhole")).isTrue();
    assertThat(record.getJsonArray("headers"))
        .containsExactlyInAnyOrder(
            new JsonObject().put("name", "ce_id").put("text", event),
            new JsonObject().put("name", "mine").put("text", "kept"));
  }

  @Test
  void whatIsNoTextIsShownAsBytes() {
    byte[] value = {'a', (byte) 0xff, 0};
    String id = write(value, Map.of());

    listed(id);
    JsonObject record = operator.get("/dead-letters/" + id).json().getJsonObject("record");
    assertThat(record.getJsonObject("value"))
        .isEqualTo(new JsonObject().put("base64", Base64.getEncoder().encodeToString(value)));
  }

  @Test
  void whatIsNoDeadLetterAtAllIsListedAllTheSame() {
    String mark = UUID.randomUUID().toString();
    var odd = new ProducerRecord<byte[], byte[]>(Topic.DEAD_LETTER.name(), null, null);
    odd.headers().add("ce_id", bytes(mark + "\0")).add("cinch-dlq-reason", bytes("nul \0 " + mark));
    odd.headers().add("cinch-dlq-at", bytes("+999999999-12-31T23:59:59Z"));
    odd.headers().add("cinch-dlq-partition", bytes("99999999999999999999"));
    stack.write(odd);

    String id =
        await()
            .until(() -> items("?reason=" + mark), found -> found.size() == 1)
            .getJsonObject(0)
            .getString("id");
    assertThat(id).startsWith(Topic.DEAD_LETTER.name());
    Reply refused = operator.post("/dead-letters/" + id + "/replay", new JsonObject());
    assertThat(refused.status()).as(refused.body()).isEqualTo(422);
    assertThat(refused.json().getString("detail")).contains("no topic of Cinch");
    assertThat(stack.records(Topic.DEAD_LETTER, "")).isEmpty();
  }

  @Test
  void filtersLeaveOutTheOthers() {
    String id = write(state().encode().getBytes(UTF_8), Map.of());
    String named =
        write(
            1 + ThreadLocalRandom.current().nextLong(1L << 40),
            bytes(
                state()
                    .put(
                        "repository",
                        new JsonObject()
                            .put("forge", "bitbucket-cloud")
                            .put("fullName", "gone/" + repository))
                    .encode()),
            Map.of("cinch-dlq-reason", "50% is_odd \\ of «" + repository + "»"));
    listed(named);

    assertThat(ids("?repository=" + repository)).containsExactly(id);
    assertThat(ids("?repository=gone/" + repository)).containsExactly(named);
    assertThat(ids("?reason=" + encoded("% IS_odd \\ of «" + repository))).containsExactly(named);
    assertThat(ids("?reason=" + encoded("_ IS_odd \\ of «" + repository))).isEmpty();
    String mine = "&repository=" + repository;
    assertThat(ids("?topic=" + TOPIC + mine)).containsExactly(id);
    assertThat(ids("?topic=cinch.push.v1" + mine)).isEmpty();
    assertThat(ids("?consumer=status-worker" + mine)).containsExactly(id);
    assertThat(ids("?consumer=release-worker" + mine)).isEmpty();
    assertThat(ids("?since=" + at + "&until=" + at + mine)).containsExactly(id);
    assertThat(ids("?since=" + at.plusMillis(1) + mine)).isEmpty();
    assertThat(ids("?until=" + at.minusMillis(1) + mine)).isEmpty();
    assertThat(ids("?state=open" + mine)).containsExactly(id);
    assertThat(ids("?state=dropped" + mine)).isEmpty();
  }

  @Test
  void aFilterThatIsNoneIsRefusedInWords() {
    assertRefused("?since=yesterday", "since");
    assertRefused("?until=%2B99999-01-01T00:00:00Z", "until");
    assertRefused("?state=lost", "state");
    assertRefused("?topic=a+b", "topic");
    assertRefused("?repository=a/b%0A", "repository");
    assertRefused("?reason=one%01two", "reason");
    assertRefused("?reason=" + "r".repeat(201), "reason");
    assertRefused("?cursor=nonsense", "next");
  }

  @Test
  void pagesFollowEachOther() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.addFirst(write(bytes("not json"), Map.of("cinch-dlq-at", at.plusSeconds(i).toString())));
    }
    listed(all.getFirst());
    await().until(() -> ids("?repository=" + repository).size() == 5);

    List<String> read = new ArrayList<>();
    String cursor = "";
    do {
      JsonObject page =
          operator.get("/dead-letters?limit=2&repository=" + repository + cursor).json();
      page.getJsonArray("items").forEach(item -> read.add(((JsonObject) item).getString("id")));
      cursor = page.containsKey("next") ? "&cursor=" + page.getString("next") : "";
    } while (!cursor.isEmpty());
    assertThat(read).isEqualTo(all);
  }

  @Test
  void aReplayIsTheRecordAgain() {
    String id = write(state().encode().getBytes(UTF_8), Map.of("mine", "kept"));
    listed(id);

    Reply replayed = operator.post("/dead-letters/" + id + "/replay", new JsonObject());
    assertThat(replayed.status()).as(replayed.body()).isEqualTo(200);
    assertThat(replayed.json().getString("state")).isEqualTo("replayed");
    assertThat(replayed.json().getInstant("settledAt")).isAfter(at);
    Incoming sent = sent();
    assertThat(new String(sent.value(), UTF_8)).isEqualTo(state().encode());
    Instant taken = stack.records(Topic.DEAD_LETTER, key).getFirst().brokerTime();
    assertThat(headers(sent))
        .isEqualTo(
            Map.of(
                "ce_id",
                event,
                "mine",
                "kept",
                "cinch-replay",
                id,
                "cinch-dlq-taken",
                taken.toString()));
    assertThat(ids("?state=open&repository=" + repository)).isEmpty();
    assertThat(ids("?state=replayed&repository=" + repository)).containsExactly(id);

    Reply again = operator.send("POST", "/dead-letters/" + id + "/replay", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().getString("detail")).contains("replayed already");
    assertThat(sent()).isEqualTo(sent);
  }

  @Test
  void askedForManyTimesAtOnceItIsSentOnce() throws Exception {
    String id = write(state().encode().getBytes(UTF_8), Map.of());
    listed(id);
    int callers = 8;
    CountDownLatch go = new CountDownLatch(1);
    List<Integer> answers = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Reply>> replies = new ArrayList<>();
      for (int i = 0; i < callers; i++) {
        replies.add(
            threads.submit(
                () -> {
                  go.await();
                  return operator.post("/dead-letters/" + id + "/replay", new JsonObject());
                }));
      }
      go.countDown();
      for (Future<Reply> reply : replies) {
        answers.add(reply.get().status());
      }
    }
    assertThat(answers).contains(200).containsOnly(200, 409).containsOnlyOnce(200);
    assertThat(stack.records(Topic.BUILD_STATE, key)).hasSize(1);
  }

  @Test
  void aCorrectedValueGoesInItsPlace() {
    String id = write(bytes("not json"), Map.of());
    listed(id);
    JsonObject corrected = state().put("name", "Corrected, «ü»").put("more", 1);

    assertThat(replay(id, corrected).status()).isEqualTo(200);
    assertThat(new JsonObject(new String(sent().value(), UTF_8))).isEqualTo(corrected);
    assertThat(headers(sent())).containsEntry("ce_id", event).containsEntry("cinch-replay", id);
  }

  @Test
  void whatWouldBeDeadAgainIsNotSent() {
    String id = write(bytes("not json"), Map.of());
    listed(id);

    assertUnusable(operator.post("/dead-letters/" + id + "/replay", new JsonObject()), "not JSON");
    assertUnusable(replay(id, state().put("state", "passed")), "'passed'");
    assertUnusable(replay(id, new JsonObject()), "'repository' is missing");
    assertUnusable(replay(id, state().put("key", "k".repeat(256))), "'key' is longer than 255");
    Reply shape =
        operator.post("/dead-letters/" + id + "/replay", new JsonObject().put("value", 1));
    assertThat(shape.status()).as(shape.body()).isEqualTo(400);
    assertThat(stack.records(Topic.BUILD_STATE, key)).isEmpty();
    assertThat(ids("?state=open&repository=" + repository)).containsExactly(id);
  }

  @Test
  void aRecordWithoutAnIdIsKnownByWhereItLay() {
    String id = write(state().encode().getBytes(UTF_8), Map.of("ce_id", ""));
    listed(id);

    assertThat(operator.send("POST", "/dead-letters/" + id + "/replay", "").status())
        .isEqualTo(200);
    assertThat(sent().eventId()).isEqualTo(id);
  }

  @Test
  void anEventIdThatNobodyTakesIsNotSentAgain() {
    String id = write(state().encode().getBytes(UTF_8), Map.of("ce_id", "i".repeat(256)));
    listed(id);
    assertUnusable(operator.post("/dead-letters/" + id + "/replay", new JsonObject()), "ce_id");
  }

  @Test
  void anOldStateOfThingsIsNotSentAgain() {
    String id =
        write(bytes("{}"), Map.of("cinch-dlq-topic", "cinch.connection.v1", "ce_id", event))
            .replace(TOPIC, "cinch.connection.v1");
    listed(id);
    assertUnusable(
        operator.post("/dead-letters/" + id + "/replay", new JsonObject()),
        "cinch.connection.v1 says how things stand now");
  }

  @Test
  void whatDiesAgainNamesWhatItWas() {
    String id = write(state().encode().getBytes(UTF_8), Map.of());
    listed(id);
    operator.post("/dead-letters/" + id + "/replay", new JsonObject());
    Incoming replay = sent();
    String again =
        write(
            replay.offset(),
            replay.value(),
            Map.of("cinch-replay", id, "cinch-dlq-partition", "" + replay.partition()));
    assertThat(again).isEqualTo(replay.position());

    assertThat(listed(again).getString("replayOf")).isEqualTo(id);
    assertThat(listed(id).getString("deadAgainAs")).isEqualTo(again);
    assertThat(
            operator
                .post("/dead-letters/" + id + "/replay", new JsonObject())
                .json()
                .getString("detail"))
        .contains("is dead again as " + again);
    assertThat(operator.post("/dead-letters/" + again + "/replay", new JsonObject()).status())
        .isEqualTo(200);
  }

  @Test
  void aReplayByOtherMeansIsKnownByItsEvent() {
    String id = write(state().encode().getBytes(UTF_8), Map.of());
    listed(id);
    String again = write(state().encode().getBytes(UTF_8), Map.of("cinch-replay", "1"));
    assertThat(listed(again).getString("replayOf")).isEqualTo(id);
  }

  @Test
  void someAreReplayedInTheirOrderAndTheOthersNamed() {
    List<String> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(
          write(
              i == 2 ? bytes("not json") : state().put("number", "" + i).encode().getBytes(UTF_8),
              Map.of("ce_id", event + i, "cinch-dlq-at", at.plusSeconds(i).toString())));
      listed(all.getLast());
    }
    String some = "/dead-letters/replay?limit=4&repository=" + repository;

    JsonObject first = operator.send("POST", some, "").json();
    assertThat(first.getInteger("replayed")).isEqualTo(3);
    assertThat(first.getJsonArray("left")).hasSize(1);
    JsonObject left = first.getJsonArray("left").getJsonObject(0);
    assertThat(left.getString("id")).isEqualTo(all.get(2));
    assertThat(left.getString("reason")).contains("not JSON");
    JsonObject second =
        operator.send("POST", some + "&cursor=" + first.getString("next"), "").json();
    assertThat(second).isEqualTo(new JsonObject().put("replayed", 1).put("left", new JsonArray()));
    assertThat(stack.records(Topic.BUILD_STATE, key))
        .extracting(record -> new JsonObject(new String(record.value(), UTF_8)).getString("number"))
        .containsExactly("0", "1", "3", "4");
    assertThat(ids("?state=open&repository=" + repository)).containsExactly(all.get(2));
  }

  @Test
  void whereKafkaStopsTheNextCallGoesOn() {
    writeSome(5);
    AtomicInteger takes = new AtomicInteger(2);
    DeadLetterReplay.Many some =
        replay(record -> takes.getAndDecrement() > 0).many(mine(), PageRequest.first(4));
    assertThat(some.replayed()).isEqualTo(2);
    assertThat(some.left()).as("not tried").isEmpty();
    DeadLetterReplay.Many others =
        replay(record -> true).many(mine(), new PageRequest(4, some.next()));
    assertThat(others).isEqualTo(new DeadLetterReplay.Many(3, List.of(), Optional.empty()));
    assertThat(
            catchThrowableOfType(
                    Problem.class,
                    () -> {
                      writeSome(1);
                      replay(record -> false).many(mine(), PageRequest.first(4));
                    })
                .status())
        .isEqualTo(503);
  }

  @Test
  void whatDiesAgainMeanwhileIsNotSentOnceMore() {
    writeSome(2);
    String some = "/dead-letters/replay?limit=1&repository=" + repository;
    JsonObject first = operator.send("POST", some, "").json();
    assertThat(first.getInteger("replayed")).isEqualTo(1);
    String again =
        write(
            state().encode().getBytes(UTF_8),
            Map.of("cinch-dlq-at", at.plusSeconds(60).toString(), "ce_id", event + "again"));
    listed(again);

    JsonObject second =
        operator.send("POST", some + "&cursor=" + first.getString("next"), "").json();
    assertThat(second).isEqualTo(new JsonObject().put("replayed", 1).put("left", new JsonArray()));
    assertThat(ids("?state=open&repository=" + repository)).containsExactly(again);
    for (String cursor : List.of("nonsense", "2026-11-23T15:00:00Z", "2026-11-23T15:00:00Z~x")) {
      assertThat(operator.send("POST", some + "&cursor=" + cursor, "").status()).isEqualTo(400);
    }
  }

  @Test
  void whatIsDroppedWhileItIsSentIsReplayed() {
    String id = writeSome(1).getFirst();
    DeadLetterReplay dropping =
        replay(
            record -> operator.send("POST", "/dead-letters/" + id + "/drop", "").status() == 204);
    assertThat(dropping.one(id, Optional.empty()).state()).isEqualTo(DeadLetterState.REPLAYED);
    assertThat(listed(id).getString("state")).isEqualTo("replayed");
  }

  @Test
  void whatLeavesTheListWhileItIsSentIsReplayed() {
    String id = writeSome(1).getFirst();
    DeadLetterReplay forgetting =
        replay(
            record ->
                stack
                        .context()
                        .database()
                        .sql()
                        .deleteFrom(DEAD_LETTER)
                        .where(DEAD_LETTER.ID.eq(id))
                        .execute()
                    == 1);
    assertThat(forgetting.one(id, Optional.empty()).state()).isEqualTo(DeadLetterState.REPLAYED);
  }

  @Test
  void whatIsDroppedWhileOthersAreSentIsNot() {
    List<String> both = writeSome(2);
    List<ProducerRecord<byte[], byte[]>> sent = new ArrayList<>();
    DeadLetterReplay dropping =
        replay(
            record -> {
              sent.add(record);
              return operator.send("POST", "/dead-letters/" + both.getLast() + "/drop", "").status()
                  == 204;
            });
    DeadLetterReplay.Many some = dropping.many(mine(), PageRequest.first(50));
    assertThat(some.replayed()).isEqualTo(1);
    assertThat(sent).hasSize(1);
    assertThat(some.left())
        .containsExactly(
            new DeadLetterReplay.Left(both.getLast(), both.getLast() + " is dropped already."));
  }

  @Test
  void ofATopicThatWasMadeAnewTheLaterOneCounts() {
    long offset = 1 + ThreadLocalRandom.current().nextLong(1L << 40);
    String id = write(offset, bytes("not json"), Map.of("mine", "kept"));
    listed(id);
    operator.send("POST", "/dead-letters/" + id + "/drop", "");

    Map<String, String> later =
        Map.of("ce_id", event + "later", "cinch-dlq-at", at.plusSeconds(1).toString());
    write(offset, bytes("{}"), later);
    await().until(() -> listed(id).getString("eventId").equals(event + "later"));
    assertThat(listed(id).getString("state")).isEqualTo("open");
    assertThat(listed(id).containsKey("settledAt")).isFalse();
    JsonObject record = operator.get("/dead-letters/" + id).json().getJsonObject("record");
    assertThat(record.getJsonObject("value").getString("text")).isEqualTo("{}");
  }

  @Test
  void anotherRecordInItsPlaceIsNotSent() throws Exception {
    RecordMetadata written = writeOriginal(state());
    String id =
        write(
            written.offset(),
            bytes("{"),
            Map.of(
                "cinch-dlq-partition",
                "" + written.partition(),
                "cinch-dlq-cut",
                "value",
                "ce_id",
                event + "former"));
    listed(id);
    Reply refused = operator.send("POST", "/dead-letters/" + id + "/replay", "");
    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
  }

  /** Dead letters that can be replayed, the oldest first. */
  private List<String> writeSome(int count) {
    List<String> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      Map<String, String> headers =
          Map.of("ce_id", event + i, "cinch-dlq-at", at.plusSeconds(i).toString());
      ids.add(write(state().encode().getBytes(UTF_8), headers));
      listed(ids.getLast());
    }
    return ids;
  }

  private DeadLetterFilter mine() {
    return new DeadLetterFilter(
        Optional.empty(),
        Optional.empty(),
        Optional.of(new NamedRepository(Optional.of(repository), List.of())),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  /** Sends to nowhere, as far as that takes it. */
  private DeadLetterReplay replay(Predicate<ProducerRecord<byte[], byte[]>> takes) {
    Database database = stack.context().database();
    var producer =
        new MockProducer<byte[], byte[]>(
            true, null, new ByteArraySerializer(), new ByteArraySerializer()) {
          @Override
          public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            return takes.test(record)
                ? super.send(record)
                : CompletableFuture.failedFuture(new TimeoutException("Kafka is away"));
          }
        };
    return new DeadLetterReplay(
        database,
        new ListedDeadLetters(database),
        new DeadRecords(lookup),
        producer,
        stack.context().clock());
  }

  @AfterEach
  void close() {
    lookup.close();
  }

  @Test
  void whoNamesNoneDoesNotMeanAll() {
    for (String what : List.of("replay", "drop")) {
      Reply refused = operator.send("POST", "/dead-letters/" + what, "");
      assertThat(refused.status()).isEqualTo(400);
      assertThat(refused.json().getString("detail")).contains("Say which");
    }
  }

  @Test
  void whatIsDroppedStaysInTheListAndMayStillBeReplayed() {
    String id = write(state().encode().getBytes(UTF_8), Map.of());
    listed(id);

    assertThat(operator.send("POST", "/dead-letters/" + id + "/drop", "").status()).isEqualTo(204);
    assertThat(listed(id).getString("state")).isEqualTo("dropped");
    Reply again = operator.send("POST", "/dead-letters/" + id + "/drop", "");
    assertThat(again.status()).isEqualTo(409);
    assertThat(again.json().getString("detail")).contains("is dropped already");
    JsonObject none =
        operator.send("POST", "/dead-letters/replay?repository=" + repository, "").json();
    assertThat(none.getInteger("replayed")).isZero();
    assertThat(operator.send("POST", "/dead-letters/" + id + "/replay", "").status())
        .isEqualTo(200);
    assertThat(sent().eventId()).isEqualTo(event);
  }

  @Test
  void someAreDropped() {
    for (int i = 0; i < 3; i++) {
      listed(write(bytes("not json"), Map.of()));
    }
    JsonObject dropped =
        operator.send("POST", "/dead-letters/drop?repository=" + repository, "").json();
    assertThat(dropped).isEqualTo(new JsonObject().put("dropped", 3).put("more", false));
    assertThat(ids("?state=dropped&repository=" + repository)).hasSize(3);
  }

  @Test
  void onlyTheOperatorMay() {
    String id = write(bytes("not json"), Map.of());
    listed(id);
    String name = "acme/" + Stack.slug();
    stack.bitbucket().repository(name);
    JsonObject order =
        new JsonObject()
            .put("forge", "bitbucket-cloud")
            .put("fullName", name)
            .put("token", stack.bitbucket().token(name, "repository", "webhook"));
    Api runner = stack.runner(operator.post("/repositories", order).json().getString("id"));
    String some = "?repository=" + repository;
    for (String call :
        List.of(
            "GET /dead-letters" + some,
            "GET /dead-letters/" + id,
            "POST /dead-letters/replay" + some,
            "POST /dead-letters/drop" + some,
            "POST /dead-letters/" + id + "/replay",
            "POST /dead-letters/" + id + "/drop")) {
      String[] parts = call.split(" ", 2);
      assertThat(runner.send(parts[0], parts[1], "").status()).as(call).isEqualTo(403);
      assertThat(stack.anonymous().send(parts[0], parts[1], "").status()).as(call).isEqualTo(401);
    }
    assertThat(listed(id).getString("state")).isEqualTo("open");
  }

  @Test
  void whatIsNotThereIsNotFound() {
    String none = "/dead-letters/" + TOPIC + "-0-999999999999";
    assertThat(operator.get(none).status()).isEqualTo(404);
    assertThat(operator.send("POST", none + "/replay", "").status()).isEqualTo(404);
    assertThat(operator.send("POST", none + "/drop", "").status()).isEqualTo(404);
  }

  @Test
  void whatWasCutIsSentWholeAsLongAsItsTopicHasIt() throws Exception {
    JsonObject large = state().put("more", random(FittingDeadLetter.LARGEST));
    RecordMetadata written = writeOriginal(large);
    String id =
        write(
            written.offset(),
            bytes(large.encode().substring(0, 100)),
            Map.of("cinch-dlq-partition", "" + written.partition(), "cinch-dlq-cut", "value"));

    assertThat(listed(id).getJsonArray("cut")).containsExactly("value");
    JsonObject record = operator.get("/dead-letters/" + id).json().getJsonObject("record");
    assertThat(record.getBoolean("isWhole")).isTrue();
    assertThat(record.getJsonObject("value").getString("text")).isEqualTo(large.encode());
    Reply replayed = operator.send("POST", "/dead-letters/" + id + "/replay", "");
    assertThat(replayed.status()).as(replayed.body()).isEqualTo(200);
    List<Incoming> both = stack.records(Topic.BUILD_STATE, "of " + key);
    assertThat(both).hasSize(2);
    assertThat(both).extracting(Incoming::value).containsOnly(bytes(large.encode()));
    assertThat(both.getLast().isReplay()).isTrue();
  }

  @Test
  void whatIsCutAndGoneNeedsACorrectedValue() {
    String id =
        write(
            1L << 50, // its topic does not have it
            bytes(state().encode().substring(0, 100)),
            Map.of("cinch-dlq-cut", "value"));
    listed(id);

    JsonObject record = operator.get("/dead-letters/" + id).json().getJsonObject("record");
    assertThat(record.getBoolean("isWhole")).isFalse();
    Reply refused = operator.send("POST", "/dead-letters/" + id + "/replay", "");
    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
    assertThat(refused.json().getString("detail")).contains("cut", "send a corrected value");
    assertThat(replay(id, state()).status()).isEqualTo(200);
    assertThat(new JsonObject(new String(sent().value(), UTF_8))).isEqualTo(state());
  }

  @Test
  void whatHasNoRoomForTheHeaderOfAReplayIsSaidSo() throws Exception {
    int envelope = 120; // about what Kafka adds, and less than it adds with the header
    JsonObject large = state();
    int most = (1 << 20) - envelope - key.length() - event.length();
    large.put("more", random(most - large.encode().length() - "\"more\":\"\",".length()));
    RecordMetadata written = writeOriginal(large);
    String id =
        write(
            written.offset(),
            bytes("{"),
            Map.of("cinch-dlq-partition", "" + written.partition(), "cinch-dlq-cut", "value"));
    listed(id);

    assertUnusable(
        operator.post("/dead-letters/" + id + "/replay", new JsonObject()),
        TOPIC + " does not take it");
    assertThat(ids("?state=open&repository=" + repository)).containsExactly(id);
  }

  private RecordMetadata writeOriginal(JsonObject value)
      throws InterruptedException, ExecutionException {
    try (Producer<byte[], byte[]> producer =
        stack.context().kafka().producer(Duration.ofSeconds(10))) {
      var original = new ProducerRecord<>(TOPIC, bytes("of " + key), bytes(value.encode()));
      original.headers().add("ce_id", bytes(event));
      return producer.send(original).get();
    }
  }

  private String write(byte[] value, Map<String, String> headers) {
    return write(1 + ThreadLocalRandom.current().nextLong(1L << 40), value, headers);
  }

  /** A dead letter, as a consumer writes it; its id. */
  private String write(long offset, byte @Nullable [] value, Map<String, String> headers) {
    Map<String, String> all = new HashMap<>();
    all.put("ce_id", event);
    all.put("cinch-dlq-topic", TOPIC);
    all.put("cinch-dlq-partition", "3");
    all.put("cinch-dlq-offset", String.valueOf(offset));
    all.put("cinch-dlq-consumer", "status-worker");
    all.put("cinch-dlq-reason", "Bitbucket does not know the commit");
    all.put("cinch-dlq-at", at.toString());
    all.putAll(headers);
    all.values().removeIf(String::isEmpty);
    var letter = new ProducerRecord<>(Topic.DEAD_LETTER.name(), bytes(key), value);
    all.forEach((name, text) -> letter.headers().add(name, bytes(text)));
    stack.write(letter);
    return "%s-%s-%d".formatted(TOPIC, all.get("cinch-dlq-partition"), offset);
  }

  private JsonObject state() {
    return new JsonObject()
        .put("repository", new JsonObject().put("id", repository.toString()))
        .put("commit", COMMIT)
        .put("state", "success")
        .put("occurredAt", at.toString());
  }

  private Reply replay(String id, JsonObject corrected) {
    return operator.post(
        "/dead-letters/" + id + "/replay", new JsonObject().put("value", corrected));
  }

  private JsonObject listed(String id) {
    await().until(() -> operator.get("/dead-letters/" + id).status() == 200);
    JsonObject shown = operator.get("/dead-letters/" + id).json();
    shown.remove("record");
    return shown;
  }

  private JsonArray items(String query) {
    Reply reply = operator.get("/dead-letters" + query);
    assertThat(reply.status()).as(reply.body()).isEqualTo(200);
    return reply.json().getJsonArray("items");
  }

  private List<String> ids(String query) {
    return items(query).stream().map(item -> ((JsonObject) item).getString("id")).toList();
  }

  /** The one record that was sent to the topic of build states. */
  private Incoming sent() {
    List<Incoming> sent = stack.records(Topic.BUILD_STATE, key);
    assertThat(sent).hasSize(1);
    return sent.getFirst();
  }

  private static Map<String, String> headers(Incoming record) {
    Map<String, String> headers = new HashMap<>();
    record
        .headers()
        .forEach(header -> headers.put(header.key(), new String(header.value(), UTF_8)));
    return headers;
  }

  private void assertRefused(String query, String word) {
    Reply refused = operator.get("/dead-letters" + query);
    assertThat(refused.status()).as(query).isEqualTo(400);
    assertThat(refused.json().getString("detail")).contains(word);
  }

  private static void assertUnusable(Reply reply, String word) {
    assertThat(reply.status()).as(reply.body()).isEqualTo(422);
    assertThat(reply.json().getString("detail")).contains(word);
  }

  /** Incompressible, and one byte each. */
  private static String random(int length) {
    byte[] random = new byte[length];
    ThreadLocalRandom.current().nextBytes(random);
    return Base64.getEncoder().encodeToString(random).substring(0, length);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }
}
