package sh.cinch.ingress.web.api;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.artifacts.Artifact;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.artifacts.Content;
import sh.cinch.ingress.artifacts.NoSpaceException;
import sh.cinch.ingress.artifacts.Upload;
import sh.cinch.ingress.artifacts.UploadResult;
import sh.cinch.ingress.artifacts.UploadStart;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.web.api.RequestBody.Rate;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.http.BlockingHandler;
import sh.cinch.service.http.BodiesInFlight.Share;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;
import sh.cinch.service.http.RetryAfter;
import sh.cinch.service.text.EnumWord;

/**
 * Files on their way in. Whatever can be said from the headers is said before a byte of the body is
 * read, and nobody who is not known is read at all.
 */
record ArtifactUploads(
    Callers callers,
    Rights rights,
    Artifacts artifacts,
    HttpBounds bounds,
    MeterRegistry metrics,
    Vertx vertx)
    implements Handler<RoutingContext> {

  private static final Logger log = LoggerFactory.getLogger(ArtifactUploads.class);
  private static final Right RIGHT = ApiRoutes.right("PUT", ApiRoutes.UPLOADS);
  private static final Rate LEAST = new Rate(256 * 1024, Duration.ofSeconds(30));
  private static final long MIB = 1024 * 1024;

  /** How an upload ended, for the metric. */
  private enum Result {
    STORED,
    ALREADY_STORED,
    WRONG_DIGEST,
    BROKEN_OFF,
    BUSY,
    ELSEWHERE,
    REFUSED,
    NO_SPACE,
    FAILED
  }

  @Override
  public void handle(RoutingContext routing) {
    RequestBody body = RequestBody.held(routing.request(), vertx, LEAST);
    BlockingHandler.handler(context -> answer(context, body)).handle(routing);
  }

  private void answer(RoutingContext context, RequestBody body) throws Exception {
    Caller caller = callers.of(context.request());
    String sender = Authentication.sender(caller, context.request());
    try (Share share = bounds.share(Optional.of(sender), context.request())) {
      if (!share.take(RequestBody.HELD)) {
        throw counted(
            Result.REFUSED,
            new Problem(503, "Too much at once", "Too many uploads are under way; try again soon.")
                .retryAfter(RetryAfter.SOON));
      }
      receive(context.request(), caller, body).send(context.response());
    } catch (Problem problem) {
      throw problem;
    } catch (Exception e) {
      throw counted(Result.FAILED, e);
    }
  }

  private ApiReply receive(HttpServerRequest request, Caller caller, RequestBody body)
      throws IOException, InterruptedException {
    Connection connection = rights.of(caller, RIGHT, repository(request));
    if (!connection.isConnected()) {
      throw new Problem(
          409, "Not connected", "The repository is not connected, nothing can be released to it.");
    }
    UploadHeaders headers = UploadHeaders.read(request.headers());
    Content content = new Content(connection.id(), headers.sha256(), headers.size());
    try {
      return receive(content, artifacts.begin(content, headers.from()), body);
    } catch (NoSpaceException e) {
      log.error(
          "no space for artifacts, {} bytes were to come: {}", content.size(), e.getMessage());
      throw counted(
          Result.NO_SPACE,
          new Problem(
              507,
              "No space left",
              "Cinch has no space left for this file. What has come so far is kept for a day; go on"
                  + " once its operator has made room."));
    }
  }

  private ApiReply receive(Content content, UploadStart beginning, RequestBody body)
      throws IOException, InterruptedException {
    return switch (beginning) {
      case UploadStart.Ready(Upload upload) -> {
        try (upload) {
          yield receive(content, upload, body);
        }
      }
      case UploadStart.Stored(Artifact artifact) ->
          counted(Result.ALREADY_STORED, ApiReply.ok(artifact));
      case UploadStart.Elsewhere(long stored) ->
          throw counted(
              Result.ELSEWHERE,
              new Problem(
                  409,
                  "Elsewhere",
                  "%d bytes of this file are here: go on after them.".formatted(stored),
                  Map.of("stored", stored, "size", content.size())));
      case UploadStart.Busy(long stored) -> throw busy(content, stored);
      case UploadStart.OtherSize(long size) ->
          throw refused(
              422,
              "Wrong size",
              "What has this digest has %d bytes, not %d.".formatted(size, content.size()));
      case UploadStart.TooLarge(long largest) ->
          throw refused(
              413,
              "Too large",
              ("The file has %s; this Cinch takes files of at most %s. Split it, or ask its"
                      + " operator to raise CINCH_ARTIFACT_LARGEST_MIB.")
                  .formatted(mib(content.size()), mib(largest)));
      case UploadStart.OverQuota(long used, long quota) ->
          throw refused(
              413,
              "Over quota",
              ("The file has %s, and the repository's other files here have %s of its %s. They go"
                      + " an hour after their release was delivered, or when they expire. Send it"
                      + " again then, or ask the operator to raise CINCH_ARTIFACT_QUOTA_MIB.")
                  .formatted(mib(content.size()), mib(used), mib(quota)));
    };
  }

  private ApiReply receive(Content content, Upload upload, RequestBody body)
      throws IOException, InterruptedException {
    body.open();
    long here = upload.from();
    Optional<byte[]> piece = next(body, content, here);
    while (piece.isPresent()) {
      if (!upload.write(piece.get())) {
        throw busy(content, here);
      }
      here += piece.get().length;
      piece = next(body, content, here);
    }
    return switch (upload.finish()) {
      case UploadResult.Stored(Artifact artifact) ->
          counted(Result.STORED, ApiReply.of(201, artifact));
      case UploadResult.WrongDigest() ->
          throw counted(
              Result.WRONG_DIGEST,
              new Problem(
                  422,
                  "Wrong digest",
                  "The bytes do not have the digest that was announced; all of them were dropped."
                      + " Send the file again from its beginning, with its own digest."));
      case UploadResult.TakenOver() -> throw busy(content, here);
    };
  }

  private Optional<byte[]> next(RequestBody body, Content content, long here)
      throws IOException, InterruptedException {
    try {
      return body.next();
    } catch (IOException e) {
      log.info(
          "upload broke off repository={} bytes={} of={}",
          content.repository(),
          here,
          content.size());
      // nobody is left to read it
      throw counted(Result.BROKEN_OFF, new Problem(400, "Broken off", "The connection broke."));
    } catch (Problem tooSlow) {
      throw counted(Result.BROKEN_OFF, tooSlow);
    }
  }

  private static String repository(HttpServerRequest request) {
    return Optional.ofNullable(request.getParam("repository"))
        .filter(name -> !name.isBlank() && name.length() <= RequestLimits.REPOSITORY)
        .orElseThrow(ArtifactUploads::unnamed);
  }

  private static Problem unnamed() {
    return new Problem(
        400,
        "Malformed request",
        "Name the repository in the address: ?repository=<its id, or its full name>.");
  }

  private Problem busy(Content content, long stored) {
    return counted(
        Result.BUSY,
        new Problem(
                409,
                "Being uploaded",
                "Another upload of this file is going on. Ask again in a few seconds: an upload"
                    + " that is not heard of for 30 seconds makes way.",
                Map.of("stored", stored, "size", content.size()))
            .retryAfter(RetryAfter.SOON));
  }

  private Problem refused(int status, String title, String detail) {
    return counted(Result.REFUSED, new Problem(status, title, detail));
  }

  /** Small files have their bytes, so that no number is rounded to another one's. */
  private static String mib(long bytes) {
    return bytes % MIB == 0 ? "%d MiB".formatted(bytes / MIB) : "%d bytes".formatted(bytes);
  }

  private <T> T counted(Result result, T answer) {
    metrics.counter("cinch.artifact.uploads", "result", EnumWord.word(result)).increment();
    return answer;
  }
}
