package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.RawServer.Seen;

@Timeout(60)
class UploadsTest extends ClientFixture {
  private static final long GIGABYTE = 1L << 30;
  private static final int FRAME = 1000;

  private final HttpClient http = server.vertx().createHttpClient();
  private final Uploads uploads = new Uploads(http, server.url(), () -> "Bearer s3cret");

  /** What the server has read of a body, and how that ended. */
  private final AtomicLong taken = new AtomicLong();

  private final CompletableFuture<Boolean> whole =
      new CompletableFuture<Boolean>().orTimeout(20, TimeUnit.SECONDS);

  private GeneratedContent content(long length) {
    return new GeneratedContent(server.vertx(), length);
  }

  private Uploaded upload(long length) {
    return uploads.upload(BEACON, new Upload("app.zip", length, content(length)));
  }

  private CompletableFuture<Uploaded> begin(GeneratedContent content, long length) {
    var uploaded = new CompletableFuture<Uploaded>().orTimeout(30, TimeUnit.SECONDS);
    Thread.ofVirtual()
        .start(
            () ->
                uploaded.complete(uploads.upload(BEACON, new Upload("app.zip", length, content))));
    return uploaded;
  }

  private static Answer<Done> answer(Uploaded uploaded) {
    assertThat(uploaded).isInstanceOf(Uploaded.Answered.class);
    return ((Uploaded.Answered) uploaded).answer();
  }

  private static Uploaded.Torn torn(Uploaded uploaded) {
    assertThat(uploaded).isInstanceOf(Uploaded.Torn.class);
    return (Uploaded.Torn) uploaded;
  }

  /** Counts what comes, and answers once all has. */
  private void count(HttpServerRequest request) {
    request.exceptionHandler(broken -> whole.complete(false));
    request.handler(bytes -> taken.addAndGet(bytes.length()));
    request.endHandler(
        end -> {
          whole.complete(true);
          request.response().setStatusCode(201).end();
        });
  }

  @Test
  void fileIsSentAsTheFormsOnlyField() {
    server.plays((seen, response) -> response.setStatusCode(201).end());

    assertThat(
            answer(
                uploads
                    .withHeaders(() -> Map.of("traceparent", "00-1-2-01"))
                    .upload(BEACON, new Upload("ä (1).zip", 3, content(3)))))
        .isEqualTo(new Answer.Ok<>(new Done(), 201));

    Seen seen = server.onlyRequest();
    assertThat(seen.line()).isEqualTo("POST /2.0/repositories/lighthouse/beacon/downloads");
    assertThat(seen.header("Authorization")).isEqualTo("Bearer s3cret");
    assertThat(seen.header("traceparent")).isEqualTo("00-1-2-01");
    String type = seen.header("Content-Type");
    assertThat(type).startsWith("multipart/form-data; boundary=");
    String boundary = type.substring(type.indexOf('=') + 1);
    assertThat(seen.body())
        .isEqualTo(
            """
            --%s\r
            Content-Disposition: form-data; name="files"; filename="ä (1).zip"\r
            Content-Type: application/octet-stream\r
            \r
            \0\0\0\r
            --%s--\r
            """
                .formatted(boundary, boundary));
    assertThat(seen.header("Content-Length")).isEqualTo(String.valueOf(seen.body().length() + 1));
  }

  @Test
  void emptyFileIsOne() {
    server.takes(this::count);

    assertThat(answer(upload(0))).isInstanceOf(Answer.Ok.class);
  }

  @Test
  void gigabyteIsNeverAheadOfASlowReader() {
    var reader = new AtomicReference<HttpServerRequest>();
    server.takes(
        request -> {
          count(request);
          reader.set(request.pause());
        });
    GeneratedContent content = content(GIGABYTE);
    CompletableFuture<Uploaded> uploaded = begin(content, GIGABYTE);
    var last = new AtomicLong(-1);
    await()
        .pollInterval(Duration.ofMillis(200))
        .until(() -> content.given() > 0 && last.getAndSet(content.given()) == content.given());

    assertThat(content.given()).as("as much as sockets hold").isLessThan(GIGABYTE / 32);

    Objects.requireNonNull(reader.get()).resume();
    assertThat(answer(uploaded.join())).isInstanceOf(Answer.Ok.class);
    assertThat(taken.get()).isBetween(GIGABYTE, GIGABYTE + FRAME);
  }

  @Test
  void uploadIsNotCompleteBeforeItsContentEnds() {
    server.takes(this::count);
    GeneratedContent content = content(1000).heldBack();
    CompletableFuture<Uploaded> uploaded = begin(content, 1000);
    await().until(() -> taken.get() > 1000);

    assertThat(whole).isNotDone();

    content.end();
    assertThat(answer(uploaded.join())).isInstanceOf(Answer.Ok.class);
    assertThat(whole.join()).isTrue();
  }

  @Test
  void contentThatFailsTearsTheUpload() {
    server.takes(this::count);
    GeneratedContent content = content(1000).heldBack();
    CompletableFuture<Uploaded> uploaded = begin(content, 1000);
    await().until(() -> taken.get() > 1000);

    content.fail(new IOException("the checksum is another"));

    assertThat(torn(uploaded.join()).cause()).hasMessage("the checksum is another");
    assertThat(torn(uploaded.join()).begun()).isTrue();
    assertThat(whole.join()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {999, 1001, 500_000})
  void contentOfAnotherLengthTearsTheUpload(long length) {
    server.takes(this::count);

    Uploaded uploaded = uploads.upload(BEACON, new Upload("app.zip", 1000, content(length)));

    assertThat(torn(uploaded).cause()).hasMessageContaining("1000 bytes");
    assertThat(whole.join()).isFalse();
  }

  @Test
  void refusalNeedNotWaitForTheRest() {
    server.takes(
        request -> request.pause().response().setStatusCode(413).end("<html>too large</html>"));
    GeneratedContent content = content(GIGABYTE);

    var refused = refused(answer(begin(content, GIGABYTE).join()));

    assertThat(refused.status()).isEqualTo(413);
    assertThat(content.given()).isLessThan(GIGABYTE / 32);
  }

  @ParameterizedTest
  @ValueSource(longs = {3, 1_000_000})
  void nothingFollowsAnUploadOnItsConnection(long length) {
    Set<HttpConnection> connections = ConcurrentHashMap.newKeySet();
    server.takes(
        request -> {
          connections.add(request.connection());
          request.handler(bytes -> {}).response().setStatusCode(413).end();
        });
    for (int i = 0; i < 5; i++) {
      assertThat(refused(answer(upload(length))).status()).isEqualTo(413);
    }
    assertThat(connections).hasSize(5);
  }

  @Test
  void successWithoutTheWholeFileIsNone() {
    server.takes(request -> request.pause().response().setStatusCode(201).end());

    Answer.Unavailable<Done> away = unavailable(answer(upload(GIGABYTE)));

    assertThat(away.mayHaveHappened()).isTrue();
    assertThat(away.what()).endsWith("before it had all of the body");
  }

  @Test
  void resetInTheMiddleMayHaveLeftAPart() {
    server.takes(
        request ->
            request.handler(
                bytes -> {
                  if (taken.addAndGet(bytes.length()) > 1_000_000) {
                    request.connection().close();
                  }
                }));

    Answer.Unavailable<Done> away = unavailable(answer(upload(GIGABYTE)));

    assertThat(away.mayHaveHappened()).isTrue();
    assertThat(away.status()).isEmpty();
    assertThat(away.what()).contains("the connection broke").doesNotContain("s3cret");
  }

  @Test
  void nobodyThereHasNoPart() {
    var nobody = new Uploads(http, server.closedUrl(), () -> "Bearer s3cret");
    GeneratedContent content = content(1000);

    Uploaded uploaded = nobody.upload(BEACON, new Upload("app.zip", 1000, content));

    assertThat(unavailable(answer(uploaded)).mayHaveHappened()).isFalse();
    assertThat(content.given()).isZero();
  }

  @Test
  void redirectIsNotFollowed() {
    server.plays(
        (seen, response) ->
            response.setStatusCode(303).putHeader("Location", server.url() + "/other").end());

    Answer.Unavailable<Done> away = unavailable(answer(upload(1000)));

    assertThat(away.what()).endsWith("a redirect, which is never followed");
    assertThat(server.requests()).hasSize(1);
  }

  @Test
  void uploadThatMovesMayTakeLong() {
    var quick = uploads.withInactivity(Duration.ofMillis(500));
    server.takes(this::count);
    long length = 8 * 64 * 1024;
    long start = System.nanoTime();

    Uploaded uploaded =
        quick.upload(BEACON, new Upload("app.zip", length, content(length).dripping(100)));

    assertThat(answer(uploaded)).isInstanceOf(Answer.Ok.class);
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(500));
  }

  @Test
  void readerThatTakesNothingIsGivenUp() {
    var quick = uploads.withInactivity(Duration.ofMillis(300));
    server.takes(HttpServerRequest::pause);

    Uploaded uploaded = quick.upload(BEACON, new Upload("app.zip", GIGABYTE, content(GIGABYTE)));

    assertThat(unavailable(answer(uploaded)).what()).endsWith("nothing was taken for 300 ms");
    assertThat(unavailable(answer(uploaded)).mayHaveHappened()).isTrue();
  }

  @Test
  void contentThatGivesNothingMoreIsGivenUp() {
    var quick = uploads.withInactivity(Duration.ofMillis(300));
    server.takes(this::count);

    Uploaded uploaded = quick.upload(BEACON, new Upload("app.zip", 1000, content(1000).heldBack()));

    assertThat(torn(uploaded).cause()).hasMessage("the content gave nothing for 300 ms");
    assertThat(whole.join()).isFalse();
  }

  @Test
  void answerThatDoesNotComeIsGivenUp() {
    server.plays((seen, response) -> {});

    Uploaded uploaded =
        uploads
            .withInactivity(Duration.ofMillis(300))
            .upload(BEACON, new Upload("app.zip", 10, content(10)));

    assertThat(unavailable(answer(uploaded)).what()).endsWith("no whole answer within 300 ms");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", ".", "..", "a/b", "a\\b", "a\"b", "a\r\nb", "a\0"})
  void nameIsAPlainFileName(String name) {
    GeneratedContent content = content(1);

    assertThatThrownBy(() -> new Upload(name, 1, content))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void lengthIsNotNegative() {
    GeneratedContent content = content(1);

    assertThatThrownBy(() -> new Upload("a", -1, content))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
