package sh.cinch.ingress.web.api;

import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Answers what no operation took: 405 with the methods there are, or 404 where there are none. */
record OtherMethods(List<Address> addresses) implements Handler<RoutingContext> {

  private static final Pattern PARAMETER = Pattern.compile("\\{[^}]*}");

  /**
   * @param methods as the header Allow names them
   */
  record Address(Pattern path, String methods) {}

  /**
   * @param document that names all addresses but those of the documents
   */
  static OtherMethods of(JsonObject document) {
    JsonObject paths = document.getJsonObject("paths");
    return new OtherMethods(
        paths.fieldNames().stream().map(path -> address(path, paths.getJsonObject(path))).toList());
  }

  private static Address address(String path, JsonObject operations) {
    return new Address(
        Pattern.compile(
            Pattern.quote(ApiRoutes.PREFIX) + PARAMETER.matcher(path).replaceAll("[^/]+")),
        operations.fieldNames().stream()
            .filter(name -> !name.equals("parameters"))
            .map(method -> method.toUpperCase(Locale.ROOT))
            .collect(Collectors.joining(", ")));
  }

  @Override
  public void handle(RoutingContext context) {
    String path = context.normalizedPath();
    addresses.stream()
        .filter(address -> address.path().matcher(path).matches())
        .findFirst()
        .ifPresentOrElse(
            address -> {
              context.response().putHeader("allow", address.methods());
              context.fail(405);
            },
            () -> context.fail(404));
  }
}
