package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * How far a release is.
 *
 * @param waits whether it can go no further now; the reason says why
 * @param json as Cinch answers it
 */
record View(
    String id,
    State state,
    boolean waits,
    Optional<String> reason,
    List<File> files,
    List<String> warnings,
    Optional<String> note,
    JsonNode json) {

  /** Of a release, and of a file. */
  enum State {
    REQUESTED(false),
    SENDING(false),
    OPEN(false),
    DELIVERED(true),
    SUPERSEDED(true),
    FAILED(true);

    private final boolean end;

    State(boolean end) {
      this.end = end;
    }

    boolean isEnd() {
      return end;
    }

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** One that only a newer server knows is no end. */
    static State of(Field field) {
      String word = field.maybe("state").orElse("").toUpperCase(Locale.ROOT);
      for (State state : values()) {
        if (state.name().equals(word)) {
          return state;
        }
      }
      return REQUESTED;
    }
  }

  /** One file. */
  record File(
      String download,
      State state,
      Optional<String> reason,
      List<String> warnings,
      Optional<String> url) {

    boolean waits() {
      return !state.isEnd() && reason.isPresent();
    }
  }

  static View of(JsonNode json) {
    Field view = new Field(json);
    return new View(
        view.text("id"),
        State.of(view),
        view.has("waitingFor"),
        view.maybe("reason"),
        view.list("files").stream()
            .map(
                file ->
                    new File(
                        file.text("download"),
                        State.of(file),
                        file.maybe("reason"),
                        file.texts("warnings"),
                        file.maybe("url")))
            .toList(),
        view.texts("warnings"),
        view.maybe("note"),
        json);
  }

  /** What is known of it the moment it was asked for, in the shape that Cinch answers. */
  static View requested(String id, Plan plan, Map<String, LocalFile> files) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id);
    json.set("repository", plan.json().path("repository"));
    json.put("tag", plan.tag()).put("commit", plan.commit()).put("state", "requested");
    var warnings = json.putArray("warnings");
    plan.warnings().forEach(warnings::add);
    var list = json.putArray("files");
    for (Plan.File planned : plan.files()) {
      ObjectNode file =
          list.addObject().put("name", planned.name()).put("download", planned.download());
      LocalFile local = files.get(planned.name());
      if (local != null) {
        file.put("size", local.content().size()).put("sha256", local.content().sha256());
      }
      file.put("state", "open").put("attempts", 0).putArray("warnings");
    }
    plan.checksums()
        .ifPresent(
            name ->
                list.addObject()
                    .put("name", name)
                    .put("download", name)
                    .put("state", "open")
                    .put("attempts", 0)
                    .putArray("warnings"));
    return of(json);
  }
}
