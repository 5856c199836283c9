package sh.cinch.ingress.web.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.time.temporal.ValueRange;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterFilter;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterFilter.NamedRepository;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterReplay;
import sh.cinch.ingress.readmodel.deadletter.DeadLetterState;
import sh.cinch.ingress.readmodel.deadletter.DeadRecords;
import sh.cinch.ingress.readmodel.deadletter.ListedDeadLetter;
import sh.cinch.ingress.readmodel.deadletter.ListedDeadLetters;
import sh.cinch.ingress.readmodel.deadletter.UnlistedDeadLetters;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.http.Problem;
import sh.cinch.service.text.EnumWord;

/** Dead letters, for the operator: look at them, send them again, put them aside. */
record DeadLetterOperations(
    Connections connections,
    ListedDeadLetters letters,
    DeadRecords records,
    DeadLetterReplay replay,
    InstantSource clock) {

  /** How many one call puts aside. */
  private static final int MOST_DROPPED = 1_000;

  private static final ValueRange YEARS = ValueRange.of(1970, 9999);

  /** {@code unlisted}: on the first page, what the list had no room for. */
  record Listed(
      @JsonUnwrapped Page<ListedDeadLetter> page, Optional<List<UnlistedDeadLetters>> unlisted) {}

  /** {@code more}: whether there may be others that the filter means. */
  record Dropped(int dropped, boolean more) {}

  ApiReply list(ApiCall call) {
    return ApiReply.ok(
        new Listed(
            letters.page(filter(call), call.page()),
            call.query("cursor").isPresent()
                ? Optional.empty()
                : Optional.of(letters.unlisted()).filter(some -> !some.isEmpty())));
  }

  ApiReply show(ApiCall call) {
    ListedDeadLetter letter = letters.find(id(call)).orElseThrow(DeadLetterReplay::none);
    return ApiReply.ok(DeadLetterView.of(letter, records.find(letter)));
  }

  ApiReply replay(ApiCall call) {
    Optional<byte[]> corrected =
        call.hasBody()
            ? Optional.ofNullable(call.body().getJsonObject("value"))
                .map(value -> value.encode().getBytes(UTF_8))
            : Optional.empty();
    return ApiReply.ok(replay.one(id(call), corrected));
  }

  ApiReply replayMany(ApiCall call) {
    return ApiReply.ok(replay.many(some(call), call.page()));
  }

  ApiReply drop(ApiCall call) {
    String id = id(call);
    if (!letters.drop(id, clock.instant())) {
      ListedDeadLetter letter = letters.find(id).orElseThrow(DeadLetterReplay::none);
      throw new Problem(
          409, "Not open", "%s is %s already.".formatted(id, EnumWord.word(letter.state())));
    }
    return ApiReply.nothing();
  }

  ApiReply dropMany(ApiCall call) {
    int dropped = letters.drop(some(call), MOST_DROPPED, clock.instant());
    return ApiReply.ok(new Dropped(dropped, dropped == MOST_DROPPED));
  }

  private static String id(ApiCall call) {
    return call.context().pathParam("id");
  }

  /** All of them are not meant by a filter that was forgotten. */
  private DeadLetterFilter some(ApiCall call) {
    DeadLetterFilter filter = filter(call);
    if (filter.isOfAll()) {
      throw new Problem(
          400,
          "Nothing named",
          "Say which: 'topic', 'consumer', 'repository', 'reason', 'since' or 'until'.");
    }
    return filter;
  }

  private DeadLetterFilter filter(ApiCall call) {
    return new DeadLetterFilter(
        call.query("topic"),
        call.query("consumer"),
        call.query("repository").map(this::repository),
        call.query("reason"),
        call.query("since").map(text -> time("since", text)),
        call.query("until").map(text -> time("until", text)),
        call.query("state").map(word -> EnumWord.constant(DeadLetterState.class, word)));
  }

  private NamedRepository repository(String named) {
    Optional<UUID> id =
        named.contains("/") ? connections.resolve(byName(named)) : Uuids.parse(named);
    return new NamedRepository(
        id,
        named.contains("/")
            ? List.of(named)
            : id.flatMap(connections::find).map(Connection::fullName).stream().toList());
  }

  private static RepositoryRef byName(String fullName) {
    try {
      return new RepositoryRef(null, Repository.BITBUCKET_CLOUD, fullName);
    } catch (IllegalArgumentException e) {
      // A pattern's end is before the last line feed, so that the document's lets one pass.
      throw new Problem(
          400,
          "Malformed request",
          "'repository' is no full name: one such as acme/app is expected.");
    }
  }

  private static Instant time(String parameter, String text) {
    try {
      OffsetDateTime time = OffsetDateTime.parse(text);
      if (YEARS.isValidIntValue(time.getYear())) {
        return time.toInstant();
      }
    } catch (DateTimeParseException e) {
      // neither this nor any other time
    }
    throw new Problem(
        400,
        "Malformed request",
        "'%s' is no time: one such as 2026-11-23T15:00:00Z is expected.".formatted(parameter));
  }
}
