package sh.cinch.service.database;

import java.lang.reflect.Array;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jooq.BindingGetResultSetContext;
import org.jooq.BindingSQLContext;
import org.jooq.BindingSetStatementContext;
import org.jooq.Converter;
import org.jooq.Field;
import org.jooq.JSONB;
import org.jooq.TableField;
import org.jooq.impl.AbstractBinding;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.jspecify.annotations.Nullable;

/**
 * The values of a column as one array that the driver encodes, most kinds in their binary form:
 * jOOQ would write a text of them.
 */
final class ArrayColumn extends AbstractBinding<Object, @Nullable Object[]> {

  private static final long serialVersionUID = 1L;

  /** As the driver calls them. */
  private static final Map<Class<?>, String> TYPES =
      Map.of(
          UUID.class, "uuid",
          String.class, "text",
          Integer.class, "int4",
          Long.class, "int8",
          Boolean.class, "bool",
          byte[].class, "bytea",
          Instant.class, "timestamptz",
          JSONB.class, "jsonb",
          String[].class, "text"); // unnest would flatten an array of arrays

  private final String type;

  private ArrayColumn(Class<?> ofValue) {
    this.type =
        Objects.requireNonNull(TYPES.get(ofValue), () -> "no array of %s".formatted(ofValue));
  }

  /**
   * @param like of this type
   */
  static <T, V> Field<@Nullable Object[]> of(
      TableField<?, V> like, List<T> things, Function<T, V> value) {
    Converter<?, V> converter = like.getConverter();
    Class<?> type = converter.fromType();
    Class<?> encoded = type == JSONB.class || type == String[].class ? String.class : type;
    @Nullable Object[] values =
        things.stream()
            .map(thing -> encodable(converter.to(value.apply(thing))))
            // The driver goes by the array's own type.
            .toArray(size -> (Object[]) Array.newInstance(encoded, size));
    return DSL.val(values, SQLDataType.OTHER.asConvertedDataType(new ArrayColumn(type)));
  }

  private static @Nullable Object encodable(@Nullable Object value) {
    return switch (value) {
      case JSONB json -> json.data();
      case String[] texts -> literal(texts);
      case null, default -> value;
    };
  }

  /** As PostgreSQL reads an array; {@link Given#field} has it read as one. */
  private static String literal(String[] texts) {
    return Stream.of(texts)
        .map(text -> text.replace("\\", "\\\\").replace("\"", "\\\""))
        .collect(
            Collectors.joining(
                "\",\"", texts.length == 0 ? "{" : "{\"", texts.length == 0 ? "}" : "\"}"));
  }

  @Override
  public Converter<Object, @Nullable Object[]> converter() {
    return Converter.ofNullable(
        Object.class, Object[].class, Object[].class::cast, Object.class::cast);
  }

  @Override
  protected void sqlBind(BindingSQLContext<@Nullable Object[]> context) {
    context.render().sql(context.variable()).sql("::").sql(type).sql("[]");
  }

  @Override
  public void set(BindingSetStatementContext<@Nullable Object[]> context) throws SQLException {
    context
        .statement()
        .setArray(
            context.index(),
            context.statement().getConnection().createArrayOf(type, context.value()));
  }

  @Override
  public void get(BindingGetResultSetContext<@Nullable Object[]> context) {
    throw new UnsupportedOperationException("it is only given");
  }
}
