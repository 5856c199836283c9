package sh.cinch.ingress.git;

import io.vertx.core.Context;
import io.vertx.core.Promise;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Passes an answer on, as fast as it is taken: its type and its bytes, and nothing else of it. */
final class Passing {

  private static final Logger log = LoggerFactory.getLogger(Passing.class);

  private Passing() {}

  /**
   * Waits until all of it is out.
   *
   * @param loop of both: on two, the one would pause for ever where the other has just gone on
   * @return false where either side broke off: the reader sees that it is not whole
   */
  static boolean pass(
      HttpClientResponse from, Question.Kind kind, HttpServerResponse to, Context loop) {
    to.setChunked(true)
        .putHeader(HttpHeaders.CONTENT_TYPE, kind.answerType())
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache, max-age=0, must-revalidate");
    // Else who goes away while the forge is silent is noticed with its next word.
    to.closeHandler(gone -> from.request().reset());
    try {
      Promise<Void> passed = Promise.promise();
      loop.runOnContext(now -> from.pipe().endOnFailure(false).to(to).onComplete(passed));
      passed.future().await();
      return true;
    } catch (Exception e) { // whatever the network has
      log.info("a fetch broke off: {}", e.toString());
      from.request().reset();
      to.reset();
      return false;
    }
  }
}
