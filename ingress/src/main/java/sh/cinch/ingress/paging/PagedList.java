package sh.cinch.ingress.paging;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.Cursor;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SelectConditionStep;
import org.jooq.SelectSeekStepN;
import org.jooq.SortOrder;
import sh.cinch.service.database.Database;
import sh.cinch.service.http.Problem;

/**
 * A list that is read a page at a time, the newest first. A page begins after the last item of the
 * one before, whatever was added on top meanwhile; the cursor names the list and that item, and
 * means nothing to whoever reads it.
 */
public final class PagedList {

  /** Rows that are in memory before it is known how large they are. */
  private static final int AT_ONCE = 5;

  /** A number, a time, an id, nothing. */
  private static final int SMALL = 40;

  /** Years that every value of a list is in. */
  private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");

  /** Stands in no text of PostgreSQL. */
  private static final String BETWEEN = "\0";

  private final String name;
  private final SortOrder order;
  private final List<Field<?>> keys;

  /**
   * @param name a cursor of a list with another name is refused
   * @param keys what it is ordered by, all together unique: instants, UUIDs and texts
   */
  public PagedList(String name, Field<?>... keys) {
    this(name, SortOrder.DESC, List.of(keys));
  }

  private PagedList(String name, SortOrder order, List<Field<?>> keys) {
    this.name = name;
    this.order = order;
    this.keys = keys;
  }

  /** The same from the other end, for whoever goes through all of it. */
  public PagedList oldestFirst() {
    return new PagedList(name + " oldest first", SortOrder.ASC, keys);
  }

  /**
   * A page has fewer items than asked for where those are large, and at least one.
   *
   * @param select all of the list
   * @throws Problem 400 where the cursor is none of this list
   */
  public <R extends Record> Page<R> page(
      Database database, Function<DSLContext, SelectConditionStep<R>> select, PageRequest request) {
    Optional<Object[]> after = request.cursor().map(this::values);
    return database.transaction(
        transaction -> {
          SelectSeekStepN<R> ordered =
              select.apply(transaction).orderBy(keys.stream().map(key -> key.sort(order)).toList());
          int more = request.limit() + 1; // tells whether there is a next page
          ResultQuery<R> query =
              after.isPresent() ? ordered.seek(after.get()).limit(more) : ordered.limit(more);
          try (Cursor<R> rows = query.fetchSize(AT_ONCE).fetchLazy()) {
            return page(rows, request);
          }
        });
  }

  private <R extends Record> Page<R> page(Iterable<R> rows, PageRequest request) {
    List<R> items = new ArrayList<>();
    long bytes = 0;
    for (R row : rows) {
      bytes += bytes(row);
      boolean isFull = items.size() == request.limit() || bytes > request.bytes();
      if (isFull && !items.isEmpty()) {
        return new Page<>(items, Optional.of(cursor(items.getLast())));
      }
      items.add(row);
    }
    return new Page<>(items, Optional.empty());
  }

  private static long bytes(Record row) {
    return row.intoStream()
        .mapToLong(
            value ->
                switch (value) {
                  case String text -> text.getBytes(UTF_8).length;
                  case Object[] list -> Arrays.stream(list).mapToLong(PagedList::bytes).sum();
                  case null, default -> SMALL;
                })
        .sum();
  }

  private static long bytes(Object of) {
    return of.toString().getBytes(UTF_8).length;
  }

  private String cursor(Record last) {
    return cursor(keys.stream().map(last::get).toArray());
  }

  /**
   * The cursor of what comes after an item.
   *
   * @param values the item's, of the keys in their order
   */
  public String cursor(Object... values) {
    String text =
        Stream.concat(Stream.of(name), Arrays.stream(values).map(String::valueOf))
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
      Instant at = Instant.parse(text);
      if (at.isBefore(Instant.EPOCH) || at.isAfter(LATEST)) {
        throw new DateTimeException("no time of this list");
      }
      return at;
    }
    return type == UUID.class ? UUID.fromString(text) : text;
  }
}
