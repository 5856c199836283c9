package sh.cinch.service.health;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Backends;

class ManagementServerTest {

  private volatile Check check = new Check.Well();
  private final PrometheusMeterRegistry metrics =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ManagementServer server =
      ManagementServer.start(
          Backends.parts().vertx(), 0, "test", new Health().with("the part", () -> check), metrics);

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

  private HttpResponse<String> get(String path) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
  }
}
