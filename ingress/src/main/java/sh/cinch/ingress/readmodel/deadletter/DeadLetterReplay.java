package sh.cinch.ingress.readmodel.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.kafka.DeadLetterHeaders;
import sh.cinch.service.kafka.FittingDeadLetter;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.text.EnumWord;

/**
 * Sends dead letters to their topics again, under the id that they had. Each is marked once Kafka
 * has acknowledged it, and one at a time: asked for twice at once, it is sent once. Killed in
 * between it is still open, and sent once more under the same id. Blocks.
 */
public final class DeadLetterReplay {

  private static final Logger log = LoggerFactory.getLogger(DeadLetterReplay.class);
  private static final Set<DeadLetterState> OPEN = EnumSet.of(DeadLetterState.OPEN);
  private static final Set<DeadLetterState> NOT_REPLAYED =
      EnumSet.of(DeadLetterState.OPEN, DeadLetterState.DROPPED);

  /** Stands in no cursor of the list, and no time. */
  private static final String BETWEEN = "~";

  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

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
    return one(id, corrected, NOT_REPLAYED);
  }

  private ListedDeadLetter one(
      String id, Optional<byte[]> corrected, Set<DeadLetterState> accepted) {
    return database
        .exclusively("dead letter " + id, session -> one(session, id, corrected, accepted))
        .orElseThrow(
            () ->
                new Problem(409, "Being replayed", "%s is being replayed just now.".formatted(id)));
  }

  private ListedDeadLetter one(
      DSLContext session, String id, Optional<byte[]> corrected, Set<DeadLetterState> accepted) {
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
    if (!accepted.contains(letter.state())) {
      throw new Problem(
          409, "Not open", "%s is %s already.".formatted(id, EnumWord.word(letter.state())));
    }
    RecordMetadata written = send(record(letter, corrected));
    log.info("replayed dead letter id={} as record={}", id, written);
    Instant now = clock.instant();
    ListedDeadLetters.replayed(session, id, now);
    // Its row may have had to make room meanwhile.
    return ListedDeadLetters.find(session, id).orElseGet(() -> letter.replayed(now));
  }

  /**
   * Those of the filter that are open, in the order in which they came, up to the last that there
   * is at the first call: what dies again meanwhile is not sent once more. Where Kafka does not
   * take one, {@code next} begins with it.
   *
   * @throws Problem 503 where it takes not even the first
   */
  public Many many(DeadLetterFilter filter, PageRequest request) {
    Optional<Goal> before = request.cursor().map(Goal::read);
    Optional<Instant> last = before.map(Goal::last).or(() -> letters.latest(filter.open()));
    if (last.isEmpty()) {
      return new Many(0, List.of(), Optional.empty());
    }
    Page<ListedDeadLetter> page =
        letters.queue(
            filter.open().until(last.get()),
            new PageRequest(request.limit(), before.map(Goal::cursor), request.bytes()));
    int replayed = 0;
    List<Left> left = new ArrayList<>();
    Optional<ListedDeadLetter> tried = Optional.empty();
    for (ListedDeadLetter letter : page.items()) {
      Optional<Problem> problem = problem(letter);
      if (problem.isPresent() && problem.get().status() >= 500) {
        Problem away = problem.get();
        return new Many(
            replayed,
            left,
            Optional.of(
                new Goal(last.get(), ListedDeadLetters.after(tried.orElseThrow(() -> away)))
                    .toString()));
      }
      if (problem.isEmpty()) {
        replayed++;
      }
      problem.map(why -> new Left(letter.id(), why.detail())).ifPresent(left::add);
      tried = Optional.of(letter);
    }
    return new Many(
        replayed, left, page.next().map(cursor -> new Goal(last.get(), cursor).toString()));
  }

  /**
   * How far to go, and from where.
   *
   * @param last when the last of them was given up
   */
  private record Goal(Instant last, String cursor) {

    static Goal read(String text) {
      String[] parts = text.split(BETWEEN, 2);
      try {
        Instant last = Instant.parse(parts[0]);
        if (parts.length == 2 && last.isAfter(Instant.EPOCH) && last.isBefore(LATEST)) {
          return new Goal(last, parts[1]);
        }
      } catch (DateTimeException e) {
        // none of ours
      }
      throw new Problem(
          400, "Bad cursor", "Send the 'next' of the call before, or none for the first.");
    }

    @Override
    public String toString() {
      return last + BETWEEN + cursor;
    }
  }

  /** Why it could not be replayed; empty where it was. */
  private Optional<Problem> problem(ListedDeadLetter letter) {
    try {
      ListedDeadLetter unused = one(letter.id(), Optional.empty(), OPEN);
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
    put(headers, DeadLetterHeaders.TAKEN, dead.takenAt().toString());
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
    return new Problem(503, "Not now", "Kafka did not take it; replay it again.")
        .retryAfter(RetryAfter.SOON);
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
