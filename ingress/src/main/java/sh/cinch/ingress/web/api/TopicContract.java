package sh.cinch.ingress.web.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.cinch.schema.topic.Topic;
import sh.cinch.service.http.Problem;

/**
 * The contract of the topics, as it is in the schema module, for everybody.
 *
 * @param schemas by the names that the AsyncAPI document refers to
 */
record TopicContract(String document, Map<String, String> schemas) {

  private static final String SCHEMA = ".schema.json";

  static TopicContract read() {
    Map<String, String> schemas =
        Stream.concat(
                Topic.ALL.stream()
                    .filter(topic -> !topic.equals(Topic.DEAD_LETTER))
                    .map(Topic::name),
                Stream.of("headers", "runner-headers", "cinch.dead-letter.v1.headers"))
            .map(name -> name + SCHEMA)
            .collect(Collectors.toMap(Function.identity(), TopicContract::resource));
    return new TopicContract(resource("asyncapi.json").replace("\"./", "\"./schemas/"), schemas);
  }

  void mount(Router router) {
    router.get(ApiRoutes.PREFIX + "/asyncapi.json").handler(context -> send(context, document));
    router.get(ApiRoutes.PREFIX + "/schemas/:name").handler(this::schema);
  }

  /** With the ending of its file or without. */
  private void schema(RoutingContext context) {
    String name = context.pathParam("name");
    Optional.ofNullable(schemas.get(name))
        .or(() -> Optional.ofNullable(schemas.get(name + SCHEMA)))
        .ifPresentOrElse(
            schema -> send(context, schema),
            () ->
                new Problem(404, "No such schema", "asyncapi.json names the schemas there are.")
                    .send(context.response()));
  }

  private static void send(RoutingContext context, String json) {
    Buffer text = Buffer.buffer(json);
    HttpServerResponse response =
        context
            .response()
            .putHeader("content-type", "application/json")
            .putHeader("content-length", String.valueOf(text.length()));
    ApiRoutes.send(response, text, 0);
  }

  private static String resource(String name) {
    String path = "/contract/" + name;
    try (InputStream in =
        Objects.requireNonNull(TopicContract.class.getResourceAsStream(path), path)) {
      // Once through a reader: what cannot be read stops the start, not a caller.
      return new JsonObject(new String(in.readAllBytes(), StandardCharsets.UTF_8)).encodePrettily();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
