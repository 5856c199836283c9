package sh.cinch.ingress.web.api;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Locale;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.artifacts.Artifact;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.artifacts.Content;
import sh.cinch.ingress.artifacts.UploadProgress;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.service.http.Problem;

/** What of a file is here already. */
record ArtifactOperations(Rights rights, Artifacts artifacts) {

  record View(
      @Nullable UUID id,
      long size,
      String sha256,
      long stored,
      boolean complete,
      Instant expiresAt) {}

  ApiReply show(ApiCall call) {
    Connection connection =
        rights.of(call.caller(), call.right(), call.query("repository").orElse(""));
    Content content =
        new Content(
            connection.id(),
            call.query("sha256").orElse("").toLowerCase(Locale.ROOT),
            call.query("size").map(Long::valueOf).orElse(0L));
    return switch (held(content)) {
      case UploadProgress.Nothing() ->
          throw new Problem(404, "Not stored", "Nothing of this file is here for the repository.");
      case UploadProgress.Part(long stored, Instant expiresAt) ->
          ApiReply.ok(new View(null, content.size(), content.sha256(), stored, false, expiresAt));
      case UploadProgress.Whole(Artifact whole) ->
          ApiReply.ok(
              new View(
                  whole.id(), whole.size(), whole.sha256(), whole.size(), true, whole.expiresAt()));
    };
  }

  private UploadProgress held(Content content) {
    try {
      return artifacts.held(content);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
