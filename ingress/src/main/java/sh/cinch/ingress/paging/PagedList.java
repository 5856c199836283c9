package sh.cinch.ingress.paging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectConditionStep;
import org.jooq.SelectSeekStepN;
import sh.cinch.service.http.Problem;

/**
 * A list that is read a page at a time, the newest first. A page begins after the last item of the
 * one before, whatever was added on top meanwhile; the cursor names the list and that item, and
 * means nothing to whoever reads it.
 */
public final class PagedList {

  /** Stands in no text of PostgreSQL. */
  private static final String BETWEEN = "\0";

  private final String name;
  private final List<Field<?>> keys;

  /**
   * @param name a cursor of a list with another name is refused
   * @param keys what it is ordered by, all together unique: instants, UUIDs and texts
   */
  public PagedList(String name, Field<?>... keys) {
    this.name = name;
    this.keys = List.of(keys);
  }

  /**
   * @param select all of the list
   * @throws Problem 400 where the cursor is none of this list
   */
  public <R extends Record> Page<R> page(SelectConditionStep<R> select, PageRequest request) {
    SelectSeekStepN<R> ordered = select.orderBy(keys.stream().map(Field::desc).toList());
    int more = request.limit() + 1; // tells whether there is a next page
    List<R> oneMore =
        request
            .cursor()
            .map(cursor -> ordered.seek(values(cursor)).limit(more).fetch())
            .orElseGet(() -> ordered.limit(more).fetch());
    return oneMore.size() <= request.limit()
        ? new Page<>(oneMore, Optional.empty())
        : new Page<>(
            oneMore.subList(0, request.limit()),
            Optional.of(cursor(oneMore.get(request.limit() - 1))));
  }

  private String cursor(Record last) {
    String text =
        Stream.concat(Stream.of(name), keys.stream().map(key -> String.valueOf(last.get(key))))
            .collect(Collectors.joining(BETWEEN));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
  }

  private Object[] values(String cursor) {
    try {
      List<String> parts =
          List.of(new String(Base64.getUrlDecoder().decode(cursor), UTF_8).split(BETWEEN, -1));
      if (parts.size() == keys.size() + 1 && parts.getFirst().equals(name)) {
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
          values.add(value(keys.get(i).getType(), parts.get(i + 1)));
        }
        return values.toArray();
      }
    } catch (DateTimeException | IllegalArgumentException e) {
      // neither of this list nor of another
    }
    throw new Problem(
        400, "Bad cursor", "Send the 'next' of the page before, or none for the first.");
  }

  private static Object value(Class<?> type, String text) {
    if (type == Instant.class) {
      return Instant.parse(text);
    }
    return type == UUID.class ? UUID.fromString(text) : text;
  }
}
