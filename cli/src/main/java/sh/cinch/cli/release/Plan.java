package sh.cinch.cli.release;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;

/**
 * What a release would do, as Cinch answers before anything is sent.
 *
 * @param repositoryId Cinch's own
 * @param checksums the name of the file of checksums
 * @param json the answer itself
 */
record Plan(
    String repositoryId,
    String fullName,
    String tag,
    String commit,
    List<File> files,
    Optional<String> checksums,
    List<String> warnings,
    Optional<String> note,
    JsonNode json) {

  /**
   * One file.
   *
   * @param download its name in the downloads
   * @param replaced what has this name there now
   */
  record File(String name, String download, long size, Optional<Replaced> replaced) {}

  /** What will be gone. */
  record Replaced(Optional<Long> size, Optional<String> createdOn) {}

  static Plan of(JsonNode json) {
    Field plan = new Field(json);
    Field repository = plan.at("repository");
    return new Plan(
        repository.text("id"),
        repository.text("fullName"),
        plan.text("tag"),
        plan.text("commit"),
        plan.list("files").stream().map(Plan::file).toList(),
        plan.maybe("checksums"),
        plan.texts("warnings"),
        plan.maybe("note"),
        json);
  }

  private static File file(Field file) {
    return new File(
        file.text("name"),
        file.text("download"),
        file.number("size").orElse(0L),
        file.has("replaces")
            ? Optional.of(
                new Replaced(
                    file.at("replaces").number("size"), file.at("replaces").maybe("createdOn")))
            : Optional.empty());
  }
}
