package sh.cinch.benchmark.stand;

import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;

/** One call after the other, each waited for, over connections that are kept. */
final class Calls {

  private static final int GOOD = 200;
  private static final int NO_LONGER_GOOD = 300;

  private final WebClient web;

  Calls(Vertx vertx) {
    this.web = WebClient.create(vertx, new WebClientOptions().setUserAgent("cinch-benchmark"));
  }

  JsonObject json(String url, String authorization, JsonObject body) {
    return json(HttpMethod.POST, url, authorization, body);
  }

  JsonObject json(HttpMethod method, String url, String authorization, JsonObject body) {
    return read(
        web.requestAbs(method, url)
            .putHeader("Authorization", authorization)
            .sendJsonObject(body)
            .await());
  }

  JsonObject form(String url, String authorization, MultiMap form) {
    return read(web.postAbs(url).putHeader("Authorization", authorization).sendForm(form).await());
  }

  void post(String url, JsonObject body) {
    requireGood(web.postAbs(url).sendJsonObject(body).await());
  }

  void delete(String url, String authorization) {
    requireGood(web.deleteAbs(url).putHeader("Authorization", authorization).send().await());
  }

  private static JsonObject read(HttpResponse<Buffer> response) {
    requireGood(response);
    return response.bodyAsJsonObject();
  }

  private static void requireGood(HttpResponse<Buffer> response) {
    if (response.statusCode() < GOOD || response.statusCode() >= NO_LONGER_GOOD) {
      // Without the body: it may hold what nobody should read.
      throw new IllegalStateException("answered with " + response.statusCode());
    }
  }
}
