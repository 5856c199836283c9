package sh.cinch.bitbucket.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.Predicate;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Unavailable;

/**
 * Reads lists to their end. Where items come and go meanwhile, one may stand on two pages; it is
 * kept once. Of the link to a next page only path and query are followed, within the API at our own
 * address of it: behind a reverse proxy it names another host, and no credential goes there.
 */
record Pages(ApiCalls calls) {
  /** 100,000 items; beyond that it is a circle rather than a list. */
  static final int MOST_PAGES = 1000;

  /** Pages in a row that only repeat what was read: each would cost a request of the hour. */
  static final int MOST_REPEATED = 3;

  /** The most Bitbucket gives; its default is 10. */
  private static final int PAGE_LENGTH = 100;

  private record Page<T>(List<T> values, int leftOut, Optional<String> next) {}

  /** All pages or nothing: where one fails, that is the answer. */
  <T> Answer<Listed<T>> all(
      String path, String query, Fields.Reading<T> reading, Function<T, ?> identity) {
    return until(page -> false, path, query, reading, identity);
  }

  /**
   * The same, up to the first page with which it is enough.
   *
   * @param isEnough asked of what could be read of each page
   */
  <T> Answer<Listed<T>> until(
      Predicate<List<T>> isEnough,
      String path,
      String query,
      Fields.Reading<T> reading,
      Function<T, ?> identity) {
    return until(isEnough, path, query, reading, identity, new ListReading<>());
  }

  /**
   * The same from where it was left.
   *
   * @param soFar to which is added what is read, also where that is not all
   */
  <T> Answer<Listed<T>> until(
      Predicate<List<T>> isEnough,
      String path,
      String query,
      Fields.Reading<T> reading,
      Function<T, ?> identity,
      ListReading<T> soFar) {
    String first = "%s?pagelen=%d%s".formatted(calls.absolute(path), PAGE_LENGTH, query);
    Answer<Page<T>> answer = calls.get(soFar.begin(first), read -> page(read, reading));
    while (answer instanceof Ok<Page<T>>(Page<T> page, int status)) {
      int repeated = soFar.add(page.values(), page.leftOut(), identity);
      Optional<String> next = page.next();
      if (next.isEmpty() || isEnough.test(page.values())) {
        return new Ok<>(soFar.listed(), status);
      }
      Optional<String> link = calls.requests().own(next.get());
      if (link.isEmpty()) {
        return broken(
            path,
            status,
            "the link to the next page does not lead into the API and was not followed");
      }
      if (!soFar.goOn(link.get())) {
        return broken(path, status, "the list leads in a circle: a page was linked to twice");
      }
      if (repeated == MOST_REPEATED) {
        return broken(
            path,
            status,
            "the list leads in a circle: %d pages brought nothing new".formatted(repeated));
      }
      if (soFar.pages() > MOST_PAGES) {
        return broken(path, status, "the list did not end after %d pages".formatted(MOST_PAGES));
      }
      answer = calls.get(link.get(), read -> page(read, reading));
    }
    return answer.map(page -> new Listed<>(page.values(), 0)); // no Ok: only the type changes
  }

  /** One odd entry costs only itself. */
  private static <T> Page<T> page(Fields page, Fields.Reading<T> reading)
      throws AnswerShapeException {
    var values = new ArrayList<T>();
    var leftOut = 0;
    for (JsonNode each : page.array("values")) {
      try {
        values.add(reading.from(Fields.of(each)));
      } catch (AnswerShapeException e) {
        leftOut++;
      }
    }
    return new Page<>(values, leftOut, page.nullableText("next"));
  }

  private static <T> Answer<T> broken(String path, int status, String why) {
    return new Unavailable<>("GET %s: %s".formatted(path, why), OptionalInt.of(status), false);
  }
}
