package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;
import static sh.cinch.schema.event.Outcome.Result.FAILED;
import static sh.cinch.schema.event.Outcome.Result.WAITING;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.schema.event.Outcome;

/** Whatever a source does, no file is released that is not the one that was announced. */
class SourceTroubleTest {

  private final Stack stack = Stack.SHARED;
  private final Project project = Project.connected();
  private final byte[] bytes = Project.bytes(1, 400_000);
  private final FakeArtifactServer.Artifact artifact = project.lay(bytes);

  @AfterEach
  void mend() {
    stack.mend();
  }

  private String ask() {
    return project.ask(project.with(project.request(), "app", bytes, artifact.source()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"discarded", "kept"})
  void otherBytesAreNotReleased(String torn) {
    stack.bitbucket.settings(Map.of("tornUploads", torn));
    byte[] other = bytes.clone();
    other[other.length - 1] ^= 1;
    artifact.answers(response -> response.end(Buffer.buffer(other)));

    String event = ask();
    project.awaitTries("app", 1);
    stack.clock.advance(Duration.ofSeconds(16));
    project.await(event, FAILED);

    assertThat(project.file(event, "app").reason())
        .isEqualTo(
            "the source has the SHA-256 %s, and %s was announced. It was not released"
                .formatted(Project.sha256(other), Project.sha256(bytes)));
    assertThat(project.downloads()).isEmpty();
  }

  @Test
  void halfAFileIsNotTakenForGoneWhileTheDownloadsCannotBeReadWhole() {
    stack.bitbucket.settings(Map.of("tornUploads", "kept"));
    byte[] other = bytes.clone();
    other[other.length - 1] ^= 1;
    artifact.answers(response -> response.end(Buffer.buffer(other)));
    stack.bitbucket.fault(
        Map.of(
            "method",
            "GET",
            "path",
            project.path() + "/downloads",
            "kind",
            "garbage",
            "body",
            "{\"values\":[null]}"));

    String event = ask();
    project.awaitTries("app", 1);
    stack.clock.advance(Duration.ofSeconds(16));
    Project.patiently()
        .until(() -> project.file(event, "app").reason(), why -> why.contains("could not be read"));
    assertThat(project.file(event, "app").result()).isEqualTo(WAITING);
    assertThat(project.downloads()).containsOnlyKeys("app");

    stack.bitbucket.mend();
    stack.clock.advance(Duration.ofMinutes(5));
    project.await(event, FAILED);
    assertThat(project.downloads()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"discarded", "kept"})
  void aSourceThatBreaksOffIsTriedAgain(String torn) {
    stack.bitbucket.settings(Map.of("tornUploads", torn));
    artifact.answers(response -> breakOff(response, 300_000));
    String event = ask();
    Project.patiently().until(() -> project.files(event), told -> !told.isEmpty());
    assertThat(project.file(event, "app").result()).isEqualTo(WAITING);

    artifact.answers(response -> response.end(Buffer.buffer(bytes)));
    stack.clock.advance(Duration.ofMinutes(1));
    project.await(event, DELIVERED);

    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(bytes));
    assertThat(artifact.fetched()).isEqualTo(2);
  }

  @Test
  void halfAFileInTheOldOnesPlaceIsDeleted() {
    byte[] old = Project.bytes(2, 1_000);
    project.await(project.ask(project.request("app", old)), DELIVERED);
    stack.bitbucket.settings(Map.of("tornUploads", "kept"));
    artifact.answers(response -> breakOff(response, 300_000));

    String event = ask();
    Project.patiently().until(() -> project.files(event), told -> !told.isEmpty());

    artifact.answers(response -> response.setStatusCode(503).end());
    stack.clock.advance(Duration.ofMinutes(1));
    Project.patiently().until(() -> project.downloads().isEmpty());

    artifact.answers(response -> response.end(Buffer.buffer(bytes)));
    stack.clock.advance(Duration.ofMinutes(1));
    project.await(event, DELIVERED);
    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(bytes));
  }

  @Test
  void theOldFileStaysWhereATornUploadLeftItAlone() {
    byte[] old = Project.bytes(2, 1_000);
    project.await(project.ask(project.request("app", old)), DELIVERED);
    artifact.answers(response -> breakOff(response, 300_000));

    String event = ask();
    Project.patiently().until(() -> project.files(event), told -> !told.isEmpty());

    assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(old));
  }

  @Test
  void aFileOfAnotherSizeIsNotBegun() {
    artifact.answers(
        response -> response.end(Buffer.buffer(Arrays.copyOf(bytes, bytes.length - 1))));

    String event = ask();
    project.await(event, FAILED);

    assertThat(project.file(event, "app").reason())
        .contains("%d bytes".formatted(bytes.length - 1))
        .contains(String.valueOf(bytes.length));
    assertThat(project.downloads()).isEmpty();
  }

  @Test
  void oneBadFileDoesNotHoldUpTheOthers() {
    artifact.answers(
        response ->
            response
                .setStatusCode(410)
                .putHeader("content-type", "application/problem+json")
                .end("{\"detail\":\"It has expired.\"}"));
    ObjectNode request = project.request("good", Project.bytes(3, 10));
    String event = project.ask(project.with(request, "app", bytes, artifact.source()));

    Outcome failed = project.await(event, FAILED);

    assertThat(project.file(event, "app").reason()).isEqualTo("It has expired.");
    assertThat(project.file(event, "good").result()).isEqualTo(DELIVERED);
    assertThat(failed.reason()).contains("1 of 2 files could not be sent: app");
  }

  @Test
  void aSourceThatIsNotAllowedIsRefusedBeforeAnythingIsSent() {
    ObjectNode request = project.request("good", Project.bytes(3, 10));
    String event =
        project.ask(project.with(request, "app", bytes, "https://elsewhere.example/app"));

    Outcome failed = project.await(event, FAILED);

    assertThat(failed.reason()).startsWith("app cannot be fetched: ").contains("elsewhere.example");
    assertThat(project.awaitDeadLetter()).isEqualTo(failed.reason());
    assertThat(project.downloads()).isEmpty();
    assertThat(project.files(event)).isEmpty();
  }

  private void breakOff(HttpServerResponse response, int after) {
    response.putHeader("content-length", String.valueOf(bytes.length));
    response
        .write(Buffer.buffer(Arrays.copyOf(bytes, after)))
        .onComplete(written -> response.reset());
  }
}
