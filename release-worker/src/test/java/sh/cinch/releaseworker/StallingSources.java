package sh.cinch.releaseworker;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import sh.cinch.releaseworker.FakeArtifactServer.Artifact;

/** Sources that come to half and no further until they are let go on. */
final class StallingSources implements AutoCloseable {

  private final byte[] bytes;
  private final List<Artifact> artifacts = new CopyOnWriteArrayList<>();
  private final Set<HttpServerResponse> halves = ConcurrentHashMap.newKeySet();

  /**
   * @param bytes of each
   */
  StallingSources(byte[] bytes) {
    this.bytes = bytes;
  }

  /** A request for so many of them. */
  ObjectNode request(Project project, int many) {
    ObjectNode request = project.request();
    for (int i = 0; i < many; i++) {
      Artifact artifact = project.lay(bytes);
      artifact.answers(this::half);
      artifacts.add(artifact);
      project.with(request, "file-" + i, bytes, artifact.source());
    }
    return request;
  }

  private void half(HttpServerResponse response) {
    response
        .closeHandler(givenUp -> halves.remove(response))
        .putHeader("content-length", String.valueOf(bytes.length))
        .write(Buffer.buffer(bytes).slice(0, bytes.length / 2));
    halves.add(response);
  }

  /** How often any of them was asked for. */
  int fetched() {
    return artifacts.stream().mapToInt(Artifact::fetched).sum();
  }

  /** How many stall now. */
  int stalling() {
    return halves.size();
  }

  /** Those that are asked for from now on are whole. */
  void areWhole() {
    artifacts.forEach(artifact -> artifact.answers(response -> response.end(Buffer.buffer(bytes))));
  }

  /** Those that stall now go on. */
  void goOn() {
    List.copyOf(halves).stream().filter(halves::remove).forEach(this::finish);
  }

  private void finish(HttpServerResponse half) {
    half.end(Buffer.buffer(bytes).slice(bytes.length / 2, bytes.length));
  }

  /** Nothing of them is left to hold up others' files. */
  @Override
  public void close() {
    areWhole();
    Project.patiently()
        .until(
            () -> {
              goOn();
              return Stack.SHARED.underWay() == 0;
            });
  }
}
