package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.service.http.Problem;

/** The server stands in for the ingress. */
class ArtifactsTest extends SourcesFixture {

  private static final String ARTIFACT = "artifact:5e000000-0000-4000-8000-00000000000A";

  private Opened openArtifact(long size) {
    return sources().open(REPOSITORY, ARTIFACT, size);
  }

  private void hasProblem(int status, String detail) {
    server.plays(request -> new Problem(status, "A title", detail).send(request.response()));
  }

  @Test
  void artifactIsFetchedWithTheServiceSecret() {
    server.gives("the file");

    assertThat(all(content(openArtifact(8))).join()).isEqualTo("the file");
    assertThat(server.onlyRequest().uri())
        .isEqualTo(
            "/internal/repositories/7a1f0000-0000-4000-8000-000000000001"
                + "/artifacts/5e000000-0000-4000-8000-00000000000a");
    assertThat(server.onlyRequest().getHeader("Authorization"))
        .isEqualTo("Bearer " + SERVICE_SECRET);
  }

  @Test
  void nobodyElseIsShownTheServiceSecret() {
    server.gives("the file");
    try (Sources sources = sources()) {
      all(content(sources.open(REPOSITORY, ARTIFACT, 8))).join();
      all(content(sources.open(REPOSITORY, source(), 8))).join();
    }

    assertThat(server.requests().getLast().headers().contains("Authorization")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(ints = {404, 410})
  void artifactThatIsNotThereIsRefused(int status) {
    hasProblem(status, "The artifact was kept\nuntil yesterday.");

    assertThat(refused(openArtifact(8))).isEqualTo("The artifact was kept until yesterday.");
  }

  /** A proxy's, or an ingress' of another version. */
  @Test
  void notFoundOfSomebodyElseIsWaitedFor() {
    server.answers(404);

    assertThat(notNow(openArtifact(8))).isEqualTo("the ingress answered 404");
  }

  @Test
  void unknownSecretSaysWhichSettingsToLookAt() {
    hasProblem(401, "Who are you?");

    assertThat(notNow(openArtifact(8)))
        .startsWith("the ingress does not know the release-worker's secret")
        .contains("CINCH_SERVICE_SECRETS");
  }

  @Test
  void troubleOfTheIngressIsWaitedFor() {
    hasProblem(503, "The store is full.");

    assertThat(notNow(openArtifact(8))).isEqualTo("the ingress answered 503: The store is full.");
  }

  @Test
  void redirectIsNotFollowed() {
    server.redirectsTo("/elsewhere");

    assertThat(notNow(openArtifact(8))).contains("302", "CINCH_INGRESS_URL");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void nobodyThereIsWaitedFor() throws IOException {
    try (Socket deaf = deaf()) {
      Sources sources = sources("", "", deaf.getLocalPort());

      assertThat(notNow(sources.open(REPOSITORY, ARTIFACT, 8)))
          .isEqualTo("the ingress cannot be connected to");
    }
  }

  @Test
  void artifactOfAnotherSizeIsRefused() {
    server.gives("the file");

    assertThat(refused(openArtifact(9)))
        .isEqualTo("the file has 8 bytes at the ingress, the request says 9");
  }

  @Test
  void problemWithoutAReasonIsNone() {
    server.plays(
        request ->
            request
                .response()
                .setStatusCode(404)
                .putHeader("Content-Type", "application/problem+json")
                .end("[]"));

    assertThat(notNow(openArtifact(8))).isEqualTo("the ingress answered 404");
  }
}
