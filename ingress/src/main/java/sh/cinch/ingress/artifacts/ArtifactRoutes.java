package sh.cinch.ingress.artifacts;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;

/** Where the release-worker, and nobody else, fetches the bytes of artifacts. */
final class ArtifactRoutes {

  private static final Logger log = LoggerFactory.getLogger(ArtifactRoutes.class);
  private static final String PATH = "/internal/repositories/:repository/artifacts/:artifact";
  private static final String BEARER = "Bearer ";
  private static final int AT_ONCE = 128 * 1024;

  private final Artifacts artifacts;
  private final Optional<Secret> releaseWorker;

  /**
   * @param releaseWorker how it proves itself; empty: nobody can
   */
  ArtifactRoutes(Artifacts artifacts, Optional<Secret> releaseWorker) {
    this.artifacts = artifacts;
    this.releaseWorker = releaseWorker;
    if (releaseWorker.isEmpty()) {
      log.warn(
          "{} does not name the release-worker: no release can fetch its artifacts from here",
          ArtifactSettings.SERVICE_SECRETS);
    }
  }

  void mount(Router router) {
    router.get(PATH).handler(BlockingHandler.handler(this::send));
  }

  private void send(RoutingContext context) throws IOException {
    authenticate(context.request().getHeader("Authorization"));
    UUID repository = id(context, "repository");
    UUID artifact = id(context, "artifact");
    switch (artifacts.read(repository, artifact)) {
      case Reading.Bytes(InputStream bytes, long size) -> {
        try (bytes) {
          send(context.response(), artifact, bytes, size);
        } finally {
          if (!context.response().ended()) {
            context.request().connection().close(); // so that nobody takes a part for the whole
          }
        }
      }
      case Reading.Unknown() -> throw unknown();
      case Reading.Gone() ->
          throw new Problem(
              410, "Gone", "The artifact has expired and was removed. Upload it again.");
      case Reading.Missing() -> {
        log.error(
            "artifact={} is not in the folder: all instances must share one, see {}",
            artifact,
            ArtifactSettings.FOLDER);
        throw new Problem(
            503, "Not here", "The artifact should be here and is not; the log says more.");
      }
    }
  }

  private void authenticate(@Nullable String authorization) {
    boolean known =
        authorization != null
            && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && releaseWorker.isPresent()
            && matches(releaseWorker.get(), authorization.substring(BEARER.length()).strip());
    if (!known) {
      throw new Problem(
          401,
          "Not the release-worker",
          "Send Authorization: Bearer and the release-worker's CINCH_SERVICE_SECRET, as"
              + " CINCH_SERVICE_SECRETS lists it here.");
    }
  }

  private static boolean matches(Secret known, String shown) {
    return !shown.isEmpty() && known.matches(Secret.of(shown));
  }

  private static UUID id(RoutingContext context, String name) {
    return Uuids.parse(context.pathParam(name)).orElseThrow(ArtifactRoutes::unknown);
  }

  private static Problem unknown() {
    return new Problem(404, "No such artifact", "This repository has no artifact with this id.");
  }

  /** Each piece is out before the next one is read. */
  private static void send(HttpServerResponse response, UUID artifact, InputStream bytes, long size)
      throws IOException {
    response
        .putHeader("content-type", "application/octet-stream")
        .putHeader("cache-control", "no-store")
        .putHeader("content-length", String.valueOf(size));
    long left = size;
    while (left > 0) {
      byte[] some = bytes.readNBytes((int) Math.min(left, AT_ONCE));
      if (some.length == 0) {
        throw new EOFException("artifact %s is shorter than it was".formatted(artifact));
      }
      if (!isOut(response, some)) {
        log.info("artifact={} was not fetched to its end: the connection broke", artifact);
        return;
      }
      left -= some.length;
    }
    response.end();
  }

  private static boolean isOut(HttpServerResponse response, byte[] some) {
    try {
      response.write(Buffer.buffer(some)).await();
      return true;
    } catch (Exception e) { // whatever the network has
      return false;
    }
  }
}
