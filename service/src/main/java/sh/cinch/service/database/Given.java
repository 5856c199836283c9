package sh.cinch.service.database;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.Field;
import org.jooq.QueryPart;
import org.jooq.Table;
import org.jooq.TableField;
import org.jooq.impl.DSL;

/**
 * Things that are given to a statement as a table of their own. However many there are, the
 * statement's text is one and the same, so that PostgreSQL parses it once.
 *
 * @param <T> a thing, a row of it
 */
public final class Given<T> {

  private static final String NAME = "given";
  private static final String NUMBER = "given_number"; // no column is called so

  private final List<T> things;
  private final Map<TableField<?, ?>, QueryPart> columns = new LinkedHashMap<>();

  public Given(Collection<? extends T> things) {
    this.things = List.copyOf(things);
  }

  /**
   * Adds a column.
   *
   * @param like named so, and of this type
   */
  public <V> Given<T> with(TableField<?, V> like, Function<T, V> value) {
    columns.put(like, ArrayColumn.of(like, things, value));
    return this;
  }

  public Table<?> table() {
    String arrays =
        IntStream.range(0, columns.size())
            .mapToObj("{%d}"::formatted)
            .collect(Collectors.joining(", "));
    return DSL.table(
            "unnest(%s) with ordinality".formatted(arrays),
            columns.values().toArray(QueryPart[]::new))
        .as(
            NAME,
            Stream.concat(columns.keySet().stream().map(Field::getName), Stream.of(NUMBER))
                .toArray(String[]::new));
  }

  public <V> Field<V> field(TableField<?, V> like) {
    Field<V> field = DSL.field(DSL.name(NAME, like.getName()), like.getDataType());
    return like.getDataType().isArray()
        ? DSL.field("{0}::text[]", like.getDataType(), field)
        : field;
  }

  /** The place that a thing has in the order in which they were given. */
  public Field<Long> number() {
    return DSL.field(DSL.name(NAME, NUMBER), Long.class);
  }

  /** Whether all these columns of a row are a thing's. */
  public Condition is(TableField<?, ?>... columns) {
    return DSL.and(Stream.of(columns).map(this::equal).toList());
  }

  private <V> Condition equal(TableField<?, V> column) {
    return column.eq(field(column));
  }
}
