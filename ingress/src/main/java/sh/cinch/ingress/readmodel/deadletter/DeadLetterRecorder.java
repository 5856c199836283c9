package sh.cinch.ingress.readmodel.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.jooq.impl.DSL.excluded;
import static sh.cinch.database.ingress.Tables.DEAD_LETTER;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.DeadLetterRecord;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.schema.text.Cut;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.kafka.DeadLetterHeaders;
import sh.cinch.service.kafka.Incoming;
import sh.cinch.service.text.EnumWord;
import sh.cinch.service.text.OneLine;

/**
 * Lists what comes on the topic of dead letters. Whatever it is it can be listed, or it would
 * become a dead letter itself and come back.
 */
public final class DeadLetterRecorder {

  private static final Pattern ID = Pattern.compile("[a-zA-Z0-9._-]+-[0-9]+-[0-9]+");
  private static final Pattern PARTITION = Pattern.compile("[0-9]{1,9}");
  private static final Pattern OFFSET = Pattern.compile("[0-9]{1,18}");

  /** Where the record lies that became a dead letter. */
  private record Original(String topic, int partition, long offset) {

    /** The letter itself where it does not say. */
    static Original of(Incoming letter) {
      Optional<String> topic = text(letter, DeadLetterHeaders.TOPIC, Limits.NAME);
      Optional<String> partition = number(letter, DeadLetterHeaders.PARTITION, PARTITION);
      Optional<String> offset = number(letter, DeadLetterHeaders.OFFSET, OFFSET);
      return topic.isEmpty() || partition.isEmpty() || offset.isEmpty()
          ? new Original(letter.topic(), letter.partition(), letter.offset())
          : new Original(
              topic.get(), Integer.parseInt(partition.get()), Long.parseLong(offset.get()));
    }

    private static Optional<String> number(Incoming letter, String header, Pattern digits) {
      return letter.header(header).filter(text -> digits.matcher(text).matches());
    }

    String id() {
      return "%s-%d-%d".formatted(topic, partition, offset);
    }
  }

  /** What of a record names its repository. */
  private record Named(@Nullable RepositoryRef repository) {}

  private DeadLetterRecorder() {}

  /** The id of a dead letter: where its original lies. */
  static String id(Incoming letter) {
    return Original.of(letter).id();
  }

  /** As the list has it. */
  static Optional<String> eventId(Incoming record) {
    return text(record, "ce_id", Limits.NAME);
  }

  /**
   * What was listed before stays as it is. An id comes again once its topic was made anew: then the
   * later one counts.
   */
  public static void record(DSLContext transaction, Incoming letter) {
    DeadLetterRecord row = row(letter);
    named(letter, row.getTopic())
        .ifPresent(
            named -> {
              row.setRepositoryId(Connections.resolve(transaction, named).orElse(null));
              row.setRepositoryName(named.fullName());
            });
    row.setReplayOf(former(transaction, letter, row));
    row.touched(true); // what the later one has not, the former leaves behind
    transaction
        .insertInto(DEAD_LETTER)
        .set(row)
        .onConflict(DEAD_LETTER.ID)
        .doUpdate()
        .setAllToExcluded()
        .where(DEAD_LETTER.AT.lt(excluded(DEAD_LETTER.AT)))
        .and(
            DEAD_LETTER
                .LETTER_PARTITION
                .ne(excluded(DEAD_LETTER.LETTER_PARTITION))
                .or(DEAD_LETTER.LETTER_OFFSET.ne(excluded(DEAD_LETTER.LETTER_OFFSET))))
        .execute();
  }

  private static DeadLetterRecord row(Incoming letter) {
    Original original = Original.of(letter);
    DeadLetterRecord row = new DeadLetterRecord();
    row.setId(original.id());
    row.setTopic(original.topic());
    row.setRecordPartition(original.partition());
    row.setRecordOffset(original.offset());
    row.setLetterPartition(letter.partition());
    row.setLetterOffset(letter.offset());
    row.setConsumer(text(letter, DeadLetterHeaders.CONSUMER, Limits.NAME).orElse(""));
    String reason = text(letter, DeadLetterHeaders.REASON, Limits.REASON).orElse("");
    row.setReason(reason);
    row.setReasonKind(ReasonKind.of(reason));
    row.setAt(at(letter));
    row.setRecordKey(
        Optional.ofNullable(letter.key())
            .map(key -> shown(new String(key, UTF_8), Limits.REF))
            .orElse(null));
    row.setEventId(eventId(letter).orElse(null));
    row.setBytes(letter.value() == null ? 0 : letter.value().length);
    row.setCut(
        letter
            .header(DeadLetterHeaders.CUT)
            .map(parts -> shown(parts, Limits.NAME).split(" ", -1))
            .orElse(new String[0]));
    row.setState(EnumWord.word(DeadLetterState.OPEN));
    return row;
  }

  private static Optional<String> text(Incoming letter, String header, int longest) {
    return letter.header(header).map(text -> shown(text, longest)).filter(text -> !text.isEmpty());
  }

  private static String shown(String text, int longest) {
    return Cut.to(OneLine.of(text), longest);
  }

  /** As its consumer says, unless its clock is ahead of the broker's. */
  private static Instant at(Incoming letter) {
    try {
      return letter
          .header(DeadLetterHeaders.AT)
          .map(text -> OffsetDateTime.parse(text).toInstant())
          .filter(at -> at.isAfter(Instant.EPOCH) && at.isBefore(letter.brokerTime()))
          .orElse(letter.brokerTime());
    } catch (DateTimeParseException e) {
      return letter.brokerTime();
    }
  }

  private static Optional<RepositoryRef> named(Incoming letter, String topic) {
    return switch (EventJson.read(letter.value(), Named.class)) {
      case Reading.Good<Named>(Named(RepositoryRef repository)) when repository != null ->
          Optional.of(repository);
      case Reading<Named> unnamed -> byKey(letter, topic).map(RepositoryRef::byId);
    };
  }

  /** Other topics' keys are ids too, and of something else. */
  private static Optional<UUID> byKey(Incoming letter, String topic) {
    boolean isRepositorys =
        topic.equals(Topic.PUSH.name())
            || topic.equals(Topic.BUILD_STATE.name())
            || topic.equals(Topic.RELEASE_REQUEST.name())
            || topic.equals(Topic.OUTCOME.name())
            || topic.equals(Topic.COMMIT_STATUS.name())
            || topic.equals(Topic.CONNECTION.name());
    return Optional.ofNullable(letter.key())
        .filter(key -> isRepositorys)
        .map(key -> new String(key, UTF_8))
        .flatMap(key -> Uuids.parse(key.split(":", 2)[0]));
  }

  /**
   * The dead letter that was replayed and has become this one. Whoever replays by other means than
   * Cinch's own names none: then it is the last one of the same event.
   */
  private static @Nullable String former(
      DSLContext transaction, Incoming letter, DeadLetterRecord row) {
    if (!letter.isReplay()) {
      return null;
    }
    return letter
        .header(Incoming.REPLAY)
        .filter(id -> id.length() <= Limits.NAME && ID.matcher(id).matches())
        .or(
            () ->
                transaction
                    .select(DEAD_LETTER.ID)
                    .from(DEAD_LETTER)
                    .where(DEAD_LETTER.EVENT_ID.eq(row.getEventId()))
                    .and(DEAD_LETTER.TOPIC.eq(row.getTopic()))
                    .and(DEAD_LETTER.ID.ne(row.getId()))
                    .orderBy(DEAD_LETTER.AT.desc())
                    .limit(1)
                    .fetchOptional(DEAD_LETTER.ID))
        .orElse(null);
  }
}
