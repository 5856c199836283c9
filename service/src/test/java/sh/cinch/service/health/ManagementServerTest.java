package sh.cinch.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Backends;
import sh.cinch.service.config.Listen;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.http.Problem;

class ManagementServerTest {

  private volatile Check check = new Check.Well();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ManagementServer server =
      ManagementServer.start(
          Backends.context().vertx(),
          Listen.onLoopback(),
          HttpBounds.ofThisProcess(),
          "test",
          new Health().with("the part", () -> check),
          metrics,
          Map.of(
              "/things",
              () -> new JsonObject().put("things", 3),
              "/away",
              () -> {
                throw new Problem(503, "Not now", "It is away.");
              },
              "/broken",
              () -> {
                throw new IllegalStateException("hunter2");
              }));

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void readyWhileEveryPartIsWell() throws Exception {
    assertThat(get("/health/ready")).returns(200, HttpResponse::statusCode);
    check = new Check.Unwell("its thread died");
    assertThat(get("/health/ready"))
        .returns(503, HttpResponse::statusCode)
        .returns("not ready\nthe part: its thread died\n", HttpResponse::body);
    assertThat(get("/health/live")).returns(200, HttpResponse::statusCode);
  }

  @Test
  void showsMetricsAndVersion() throws Exception {
    metrics.counter("cinch.test.things").increment();
    assertThat(get("/metrics").body()).contains("cinch_test_things_total 1.0");
    assertThat(get("/version").body()).contains("\"service\":\"test\"");
    assertThat(get("/nothing")).returns(404, HttpResponse::statusCode);
  }

  @Test
  void showsReports() throws Exception {
    assertThat(get("/things"))
        .returns(200, HttpResponse::statusCode)
        .returns("{\"things\":3}", HttpResponse::body);
    assertThat(get("/away").statusCode()).isEqualTo(503);
    assertThat(get("/away").body()).contains("It is away.");
    assertThat(get("/broken").statusCode()).isEqualTo(500);
    assertThat(get("/broken").body()).doesNotContain("hunter2");
  }

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
