package sh.cinch.ingress.readmodel.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.schema.event.EventId;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;
import sh.cinch.service.kafka.FittingDeadLetter;
import sh.cinch.service.kafka.Incoming;

/**
 * Sends dead letters to their topics again, under the id that they had. Each is marked once Kafka
 * has acknowledged it, and one at a time: asked for twice at once, it is sent once. Killed in
 * between it is still open, and sent once more under the same id. Blocks.
 */
public final class DeadLetterReplay {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterReplay.class);
  private static final Duration SOON = Duration.ofSeconds(5);

  private final Database database;
  private final ListedDeadLetters letters;
  private final DeadRecords records;
  private final Producer<byte[], byte[]> producer;
  private final InstantSource clock;

  public DeadLetterReplay(
      Database database,
      ListedDeadLetters letters,
      DeadRecords records,
      Producer<byte[], byte[]> producer,
      InstantSource clock) {
    this.database = database;
    this.letters = letters;
    this.records = records;
    this.producer = producer;
    this.clock = clock;
  }

  /**
   * One that could not be replayed, and stays as it was.
   *
   * @param reason what is wrong and what to do
   */
  public record Left(String id, String reason) {}

  /**
   * @param replayed how many
   * @param left those that were tried and could not be
   * @param next where the others begin that the filter means; empty where there are none
   */
  public record Many(int replayed, List<Left> left, Optional<String> next) {}

  /**
   * @param corrected goes in the place of the value
   * @return how it stands now
   * @throws Problem 404 where there is none, 409 where it was or is being replayed or what is left
   *     of it is not enough, 422 where it would be dead again at once, 503 where Kafka does not
   *     take it
   */
  public ListedDeadLetter one(String id, Optional<byte[]> corrected) {
    return database
        .exclusively("dead letter " + id, session -> one(session, id, corrected))
        .orElseThrow(
            () ->
                new Problem(409, "Being replayed", "%s is being replayed just now.".formatted(id)));
  }

  private ListedDeadLetter one(DSLContext session, String id, Optional<byte[]> corrected) {
    ListedDeadLetter letter =
        ListedDeadLetters.find(session, id).orElseThrow(DeadLetterReplay::none);
    if (letter.state() == DeadLetterState.REPLAYED) {
      throw new Problem(
          409,
          "Replayed before",
          letter
              .deadAgainAs()
              .map(again -> "%s was replayed, and is dead again as %s.".formatted(id, again))
              .orElse("%s was replayed already, and is not dead again.".formatted(id)));
    }
    RecordMetadata written = send(record(letter, corrected));
    log.info("replayed dead letter id={} as record={}", id, written);
    boolean unused =
        ListedDeadLetters.settle(
            session, id, letter.state(), DeadLetterState.REPLAYED, clock.instant());
    return ListedDeadLetters.find(session, id).orElseThrow(DeadLetterReplay::none);
  }

  /**
   * Those of the filter that are open, in the order in which they came. Where Kafka does not take
   * one, no more of them are tried.
   *
   * @throws Problem 503 where it takes not even the first
   */
  public Many many(DeadLetterFilter filter, PageRequest request) {
    Page<ListedDeadLetter> page = letters.queue(filter.open(), request);
    int replayed = 0;
    List<Left> left = new ArrayList<>();
    Optional<Problem> away = Optional.empty();
    for (ListedDeadLetter letter : page.items()) {
      Optional<Problem> problem = away.or(() -> problem(letter));
      if (problem.isEmpty()) {
        replayed++;
      }
      problem.map(why -> new Left(letter.id(), why.detail())).ifPresent(left::add);
      away = problem.filter(why -> why.status() >= 500);
      if (away.isPresent() && replayed == 0) {
        throw away.get();
      }
    }
    return new Many(replayed, left, page.next());
  }

  /** Why it could not be replayed; empty where it was. */
  private Optional<Problem> problem(ListedDeadLetter letter) {
    try {
      ListedDeadLetter unused = one(letter.id(), Optional.empty());
      return Optional.empty();
    } catch (Problem problem) {
      return Optional.of(problem);
    }
  }

  private ProducerRecord<byte[], byte[]> record(
      ListedDeadLetter letter, Optional<byte[]> corrected) {
    Topic<?> topic = topic(letter);
    DeadRecord dead =
        records
            .find(letter)
            .filter(found -> found.isWhole() || isEnough(letter, corrected))
            .orElseThrow(() -> incomplete(letter));
    byte[] value = corrected.orElse(dead.value());
    requireOfTheTopic(topic, value, corrected.isPresent());
    RecordHeaders headers = new RecordHeaders(dead.headers());
    String eventId = eventId(headers).orElseGet(letter::id);
    EventId.objection(eventId)
        .ifPresent(
            reason -> {
              throw unusable(reason + "; a replay keeps it, so send it as a new record.");
            });
    put(headers, "ce_id", eventId);
    put(headers, Incoming.REPLAY, letter.id());
    return new ProducerRecord<>(topic.name(), null, dead.key(), value, headers);
  }

  private static Topic<?> topic(ListedDeadLetter letter) {
    Topic<?> topic =
        Topic.named(letter.topic())
            .filter(known -> !known.equals(Topic.DEAD_LETTER))
            .orElseThrow(
                () -> unusable("It names no topic of Cinch, so there is none to send it to."));
    if (topic.isCompacted()) {
      throw unusable(
          ("%s says how things stand now, and an older record would take the newer one's place:"
                  + " what wrote it writes again with the next change.")
              .formatted(topic.name()));
    }
    return topic;
  }

  /** A corrected value needs no other, but key and headers. */
  private static boolean isEnough(ListedDeadLetter letter, Optional<byte[]> corrected) {
    return corrected.isPresent() && letter.cut().equals(List.of("value"));
  }

  private static void requireOfTheTopic(
      Topic<?> topic, byte @Nullable [] value, boolean isCorrected) {
    if (EventJson.read(value, topic.event()) instanceof Reading.Bad<?>(String reason)) {
      throw unusable(
          isCorrected
              ? "The corrected value is not one of %s: %s.".formatted(topic.name(), reason)
              : "As it is it would be dead again: %s. Send a corrected value.".formatted(reason));
    }
  }

  private static Optional<String> eventId(RecordHeaders headers) {
    return Optional.ofNullable(headers.lastHeader("ce_id"))
        .map(Header::value)
        .map(id -> new String(id, UTF_8))
        .filter(id -> !id.isBlank());
  }

  private static void put(RecordHeaders headers, String name, String value) {
    headers.remove(name).add(name, value.getBytes(UTF_8));
  }

  private RecordMetadata send(ProducerRecord<byte[], byte[]> record) {
    try {
      return producer.send(record).get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RecordTooLargeException) {
        throw unusable(
            ("%s does not take it with the header that a replay has, in all %d bytes: send a"
                    + " shorter value.")
                .formatted(record.topic(), FittingDeadLetter.size(record)));
      }
      throw notNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw notNow();
    }
  }

  private static Problem notNow() {
    return new Problem(503, "Not now", "Kafka did not take it; replay it again.").retryAfter(SOON);
  }

  private static Problem unusable(String detail) {
    return new Problem(422, "Cannot be replayed", detail);
  }

  private static Problem incomplete(ListedDeadLetter letter) {
    return new Problem(
        409,
        "Not there any more",
        letter.cut().isEmpty()
            ? "Kafka does not have the record any more: its topic is kept for a time."
            : "It was cut for its size (%s), and its topic does not have it any more: %s."
                .formatted(
                    String.join(", ", letter.cut()),
                    letter.cut().equals(List.of("value"))
                        ? "send a corrected value"
                        : "send it as a new record"));
  }

  public static Problem none() {
    return new Problem(404, "No such dead letter", "No dead letter with this id is listed.");
  }
}
