package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import sh.cinch.schema.event.Outcome;

/** A repository that is released again and again: the same names, each time other contents. */
final class Published {

  private static final int LARGEST = 6 * Pace.BYTES_A_SECOND;

  private final Stack stack;
  private final Pace pace;
  private final Random random;
  private final int files;
  final Project project;
  final View view;
  private Map<String, Whole> wanted = Map.of();
  private String event = "";
  private int asked;
  private int delivered;
  private Optional<Outcome.Result> result = Optional.empty();

  Published(Stack stack, Pace pace, Random random, int files) {
    this.stack = stack;
    this.pace = pace;
    this.random = random;
    this.files = files;
    this.project = Project.connected(stack);
    this.view = new View(stack, project);
  }

  /** Asks for the next release. */
  void ask() {
    Map<String, Whole> next = new TreeMap<>();
    ObjectNode request = project.request();
    request.remove("options");
    for (int i = 1; i <= files; i++) {
      String name = "file-" + i;
      byte[] bytes = Project.bytes(random.nextInt(), 1 + random.nextInt(LARGEST));
      FakeArtifactServer.Artifact artifact =
          stack.artifacts.lay(project.repository.id(), response -> pace.answer(response, bytes));
      project.with(request, name, bytes, artifact.source());
      next.put(name, Whole.of(bytes));
    }
    next.put(Project.TAG + "-SHA256SUMS", checksums(next));
    next.forEach(view::expect);
    wanted = next;
    event = project.ask(request);
    result = Optional.empty();
    asked++;
  }

  /** How often it was released. */
  int asked() {
    return asked;
  }

  /** How many of these releases were told to be delivered. */
  int delivered() {
    return delivered;
  }

  private static Whole checksums(Map<String, Whole> files) {
    return Whole.of(
        files.entrySet().stream()
            .map(file -> "%s  %s\n".formatted(file.getValue().sha256(), file.getKey()))
            .collect(Collectors.joining())
            .getBytes(StandardCharsets.UTF_8));
  }

  /** How many uploads broke off before their end. */
  int torn() {
    return stack.bitbucket.torn(
        "*%s*/downloads".formatted(project.repository.uuid().substring(1, 37)));
  }

  /** The last release is known to the worker. */
  boolean isUnderWay() {
    if (result.isEmpty()) {
      look();
    }
    return result.isPresent();
  }

  /** The last release is done. */
  boolean isDelivered() {
    if (!result.equals(Optional.of(DELIVERED))) {
      look();
    }
    return result.equals(Optional.of(DELIVERED));
  }

  private void look() {
    List<Outcome> told = project.of(event, Outcome.Kind.RELEASE);
    result = told.isEmpty() ? Optional.empty() : Optional.of(told.getLast().result());
    delivered += result.equals(Optional.of(DELIVERED)) ? 1 : 0;
  }

  /** The files of the last release are there, each right, and no other. */
  void check() {
    assertThat(found()).isEqualTo(wanted);
  }

  boolean isRight() {
    return found().equals(wanted);
  }

  private Map<String, Whole> found() {
    Map<String, Whole> found = new TreeMap<>();
    project.downloads().forEach((name, stored) -> found.put(name, Whole.of(stored)));
    return found;
  }
}
