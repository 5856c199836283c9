package sh.cinch.statusworker.post;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import java.net.URI;
import java.time.Instant;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.trace.Traceparent;

class BitbucketTest {

  private final Vertx vertx = Vertx.vertx();
  private final CompletableFuture<String> authorization = new CompletableFuture<>();
  private final CompletableFuture<String> traceparent = new CompletableFuture<>();

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void listen() {
    server =
        vertx
            .createHttpServer()
            .requestHandler(
                request -> {
                  authorization.complete(request.getHeader("Authorization"));
                  traceparent.complete(request.getHeader("traceparent"));
                  request.response().setStatusCode(404).end();
                })
            .listen(0, "localhost")
            .await();
  }

  @AfterEach
  void close() {
    vertx.close().await();
  }

  @Test
  void theCallIsTheNextHopOfTheRecordsTrace() {
    URI api = URI.create("http://localhost:" + server.actualPort());
    Lease lease = new Lease(UUID.randomUUID(), Secret.of("Bearer t"), Instant.MAX);
    Traceparent trace = Traceparent.begin();
    assertThat(
            new Bitbucket(vertx, api, 1)
                .client(lease, trace)
                .repository(new RepositoryAddress("acme", "app")))
        .isNotNull();
    assertThat(authorization.join()).isEqualTo("Bearer t");
    assertThat(Traceparent.parse(traceparent.join()))
        .hasValueSatisfying(
            hop -> {
              assertThat(hop.trace()).isEqualTo(trace.trace());
              assertThat(hop.span()).isNotEqualTo(trace.span());
            });
  }
}
