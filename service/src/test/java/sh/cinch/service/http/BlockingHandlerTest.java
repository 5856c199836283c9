package sh.cinch.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Backends;

class BlockingHandlerTest {

  private HttpServer server;

  @BeforeEach
  void start() {
    Router router = Router.router(Backends.context().vertx());
    router
        .get("/thread")
        .handler(
            BlockingHandler.handler(
                context ->
                    context.end(Thread.currentThread().isVirtual() ? "virtual" : "event loop")));
    router
        .get("/problem")
        .handler(
            BlockingHandler.handler(
                context -> {
                  throw new Problem(409, "Conflict", "It is connected already.");
                }));
    router
        .get("/bug")
        .handler(
            BlockingHandler.handler(
                context -> {
                  throw new IllegalStateException("password=hunter2");
                }));
    server = Backends.context().vertx().createHttpServer().requestHandler(router).listen(0).await();
  }

  @AfterEach
  void stop() {
    server.close().await();
  }

  @Test
  void mayBlockBecauseItsThreadIsVirtual() throws Exception {
    assertThat(get("/thread").body()).isEqualTo("virtual");
  }

  @Test
  void aProblemIsAnsweredAsAProblemDocument() throws Exception {
    HttpResponse<String> answer = get("/problem");
    assertThat(answer.statusCode()).isEqualTo(409);
    assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
    assertThat(answer.body())
        .isEqualTo(
            "{\"title\":\"Conflict\",\"status\":409,\"detail\":\"It is connected already.\"}");
  }

  @Test
  void aBugIsAnsweredWithoutItsMessage() throws Exception {
    HttpResponse<String> answer = get("/bug");
    assertThat(answer.statusCode()).isEqualTo(500);
    assertThat(answer.body()).doesNotContain("hunter2");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + server.actualPort() + path))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
