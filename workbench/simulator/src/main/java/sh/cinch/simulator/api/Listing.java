package sh.cinch.simulator.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.MultiMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;

/**
 * A list, page by page, by the caller's {@code q}, {@code sort}, {@code page} and {@code pagelen}.
 */
final class Listing {
  private static final int DEFAULT_LENGTH = 10;
  private static final int LONGEST = 100;

  private Listing() {}

  static <T> Reply of(Visit visit, List<T> items, Function<T, ObjectNode> show) {
    return of(visit.call(), visit.state().settings().innerUrl(), items, show);
  }

  static <T> Reply of(Call call, List<T> items, Function<T, ObjectNode> show) {
    return of(call, "", items, show);
  }

  private static <T> Reply of(
      Call call, String innerUrl, List<T> items, Function<T, ObjectNode> show) {
    OptionalInt length = number(call, "pagelen", DEFAULT_LENGTH);
    OptionalInt page = number(call, "page", 1);
    if (length.isEmpty() || length.getAsInt() > LONGEST) {
      return ApiError.of(400, "Invalid pagelen");
    }
    if (page.isEmpty()) {
      return ApiError.of(400, "Invalid page");
    }
    return switch (Query.read(call)) {
      case Query.Invalid(String why) -> ApiError.of(400, why);
      // most callers ask for nothing special, and only what is on the page need be shown then
      case Query.Valid query when query.isEmpty() ->
          page(call, innerUrl, items, show, page.getAsInt(), length.getAsInt());
      case Query.Valid query ->
          page(
              call,
              innerUrl,
              query.apply(items.stream().map(show).toList()),
              Function.identity(),
              page.getAsInt(),
              length.getAsInt());
    };
  }

  private static <T> Reply page(
      Call call, String innerUrl, List<T> all, Function<T, ObjectNode> show, int page, int length) {
    int from = (int) Math.min((page - 1L) * length, all.size());
    int to = Math.min(from + length, all.size());
    ObjectNode body = Json.object();
    ArrayNode values = body.putArray("values");
    all.subList(from, to).stream().map(show).forEach(values::add);
    body.put("pagelen", length).put("size", all.size()).put("page", page);
    if (to < all.size()) {
      body.put("next", address(call, innerUrl, page + 1));
    }
    if (page > 1) {
      body.put("previous", address(call, innerUrl, page - 1));
    }
    return Reply.json(200, body);
  }

  private static String address(Call call, String innerUrl, int page) {
    MultiMap query =
        MultiMap.caseInsensitiveMultiMap().addAll(call.query()).set("page", String.valueOf(page));
    String address = call.address(call.path(), query);
    return innerUrl.isEmpty()
        ? address
        : innerUrl.replaceAll("/$", "") + address.substring(call.site().base().length());
  }

  /** Empty where what stands there is not a positive number. */
  private static OptionalInt number(Call call, String name, int otherwise) {
    String text = call.query(name).orElse(String.valueOf(otherwise));
    return text.matches("[1-9][0-9]{0,6}")
        ? OptionalInt.of(Integer.parseInt(text))
        : OptionalInt.empty();
  }
}
