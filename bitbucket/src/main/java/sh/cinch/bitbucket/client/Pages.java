package sh.cinch.bitbucket.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Unavailable;

/**
 * Reads lists to their end. Where items come and go meanwhile, one may stand on two pages; it is
 * kept once. Of the link to a next page only path and query are followed, at the API's own host:
 * behind a reverse proxy it names another one, and no credential goes there.
 */
record Pages(ApiCalls calls) {
  /** 100,000 items; beyond that it is a circle rather than a list. */
  static final int MOST_PAGES = 1000;

  /** The most Bitbucket gives; its default is 10. */
  private static final int PAGE_LENGTH = 100;

  private record Page<T>(List<T> values, Optional<String> next) {}

  /** Everything or nothing: where one page fails, that is the answer. */
  <T> Answer<List<T>> all(
      String path, String query, Fields.Reading<T> reading, Function<T, ?> identity) {
    var found = new LinkedHashMap<Object, T>();
    String first = "%s?pagelen=%d%s".formatted(calls.absolute(path), PAGE_LENGTH, query);
    Answer<Page<T>> answer = calls.get(first, read -> page(read, reading));
    for (int count = 1; answer instanceof Ok<Page<T>>(Page<T> page, int status); count++) {
      page.values().forEach(item -> found.putIfAbsent(identity.apply(item), item));
      Optional<String> next = page.next();
      if (next.isEmpty()) {
        return new Ok<>(List.copyOf(found.values()), status);
      }
      Optional<String> link = calls.requests().own(next.get());
      if (link.isEmpty()) {
        return broken(path, "the link to the next page is none and was not followed");
      }
      if (count == MOST_PAGES) {
        return broken(path, "the list did not end after %d pages".formatted(MOST_PAGES));
      }
      answer = calls.get(link.get(), read -> page(read, reading));
    }
    return answer.map(Page::values); // no Ok: only the type changes
  }

  private static <T> Page<T> page(Fields page, Fields.Reading<T> reading)
      throws AnswerShapeException {
    var values = new ArrayList<T>();
    for (Fields value : page.objects("values")) {
      values.add(reading.from(value));
    }
    return new Page<>(values, page.optionalText("next"));
  }

  private static <T> Answer<T> broken(String path, String why) {
    return new Unavailable<>("GET %s: %s".formatted(path, why), OptionalInt.empty(), false);
  }
}
