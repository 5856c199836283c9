package sh.cinch.simulator.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import sh.cinch.simulator.http.Call;

/** The caller's {@code q} and {@code sort}: comparisons joined by AND, one field to sort by. */
sealed interface Query {
  Pattern CONDITION =
      Pattern.compile("\\s*([\\w.]+)\\s*(!=|!~|=|~)\\s*(?:\"([^\"]*)\"|([\\w.:{}-]+))\\s*");
  Pattern SORT = Pattern.compile("-?[\\w.]+");
  Pattern AND = Pattern.compile("\\s+[Aa][Nn][Dd]\\s+");

  record Valid(List<Condition> conditions, Optional<String> sort) implements Query {
    boolean isEmpty() {
      return conditions.isEmpty() && sort.isEmpty();
    }

    List<ObjectNode> apply(List<ObjectNode> items) {
      Stream<ObjectNode> matching =
          items.stream()
              .filter(item -> conditions.stream().allMatch(condition -> condition.holds(item)));
      return sort.map(Valid::order).map(matching::sorted).orElse(matching).toList();
    }

    private static Comparator<ObjectNode> order(String sort) {
      boolean descending = sort.startsWith("-");
      String field = descending ? sort.substring(1) : sort;
      Comparator<ObjectNode> ascending = Comparator.comparing(item -> text(item, field));
      return descending ? ascending.reversed() : ascending;
    }
  }

  record Invalid(String why) implements Query {}

  /** One comparison with a field of an item as it is shown. */
  record Condition(String field, String operator, String value) {
    boolean holds(ObjectNode item) {
      String actual = text(item, field);
      return switch (operator) {
        case "=" -> actual.equals(value);
        case "!=" -> !actual.equals(value);
        case "~" -> contains(actual);
        default -> !contains(actual);
      };
    }

    private boolean contains(String actual) {
      return actual.toLowerCase(Locale.ROOT).contains(value.toLowerCase(Locale.ROOT));
    }
  }

  static Query read(Call call) {
    var conditions = new ArrayList<Condition>();
    String q = call.query("q").orElse("");
    if (!q.isBlank()) {
      for (String part : AND.split(q, -1)) {
        Matcher matcher = CONDITION.matcher(part);
        if (!matcher.matches()) {
          return new Invalid("Invalid query: cannot read " + part);
        }
        String value = Optional.ofNullable(matcher.group(3)).orElseGet(() -> matcher.group(4));
        conditions.add(new Condition(matcher.group(1), matcher.group(2), value));
      }
    }
    Optional<String> sort = call.query("sort").filter(field -> !field.isBlank());
    return sort.isPresent() && !SORT.matcher(sort.get()).matches()
        ? new Invalid("Invalid sort: " + sort.get())
        : new Valid(List.copyOf(conditions), sort);
  }

  private static String text(ObjectNode item, String field) {
    JsonNode node = item.at("/" + field.replace('.', '/'));
    return node.asText();
  }
}
