package sh.cinch.service.lease;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.Backends;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.ManualClock;

class LeasesTest {

  private final UUID credential = UUID.randomUUID();
  private final ManualClock clock = new ManualClock();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());
  private volatile int status = 201;
  private volatile String answer = lease("one", clock.instant().plus(Duration.ofHours(1)));
  private HttpServer tokenService;
  private Leases leases;

  @BeforeEach
  void start() throws IOException {
    tokenService = HttpServer.create(new InetSocketAddress("localhost", 0), 0);
    tokenService.createContext(
        "/",
        exchange -> {
          requests.add(
              "%s %s %s"
                  .formatted(
                      exchange.getRequestMethod(),
                      exchange.getRequestURI(),
                      exchange.getRequestHeaders().getFirst("Authorization")));
          byte[] body = answer.getBytes(UTF_8);
          exchange.sendResponseHeaders(status, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    tokenService.start();
    leases =
        new Leases(
            Backends.context().vertx(),
            URI.create("http://localhost:" + tokenService.getAddress().getPort()),
            Secret.of("proof"),
            clock);
  }

  @AfterEach
  void stop() {
    tokenService.stop(0);
  }

  @Test
  void aLeaseIsKeptForAsLongAsItLasts() {
    assertThat(authorization()).isEqualTo("Bearer one");
    assertThat(authorization()).isEqualTo("Bearer one");
    assertThat(requests)
        .containsExactly("POST /v1/credentials/" + credential + "/leases Bearer proof");
  }

  @Test
  void shortOfItsEndAnotherIsAskedFor() {
    assertThat(authorization()).isEqualTo("Bearer one");
    answer = lease("two", clock.instant().plus(Duration.ofHours(2)));
    clock.advance(Duration.ofHours(1).minusSeconds(30));
    assertThat(authorization()).isEqualTo("Bearer two");
  }

  @Test
  void aRejectedOneIsReportedAndNotUsedAgain() {
    LeaseResult first = leases.lease(credential);
    assertThat(first).isInstanceOf(LeaseResult.Lent.class);
    answer = lease("two", clock.instant().plus(Duration.ofHours(1)));
    leases.reject(credential, ((LeaseResult.Lent) first).lease());
    assertThat(requests.getLast())
        .isEqualTo("POST /v1/credentials/" + credential + "/rejections Bearer proof");
    assertThat(authorization()).isEqualTo("Bearer two");
  }

  @Test
  void aTokenWithoutAnEndIsKept() {
    answer =
        "{\"leaseId\":\"%s\",\"authorization\":\"Bearer r\",\"expiresAt\":null}"
            .formatted(UUID.randomUUID());
    assertThat(authorization()).isEqualTo("Bearer r");
    clock.advance(Duration.ofDays(1000));
    assertThat(authorization()).isEqualTo("Bearer r");
    assertThat(requests).hasSize(1);
  }

  @Test
  void whatIsWrongIsSaidInItsOwnWay() {
    answer = "{\"detail\":\"the grant was revoked\"}";
    status = 409;
    assertThat(leases.lease(credential))
        .isEqualTo(new LeaseResult.NeedsAuthorization("the grant was revoked"));
    status = 404;
    assertThat(leases.lease(credential)).isEqualTo(new LeaseResult.Unknown());
    status = 503;
    assertThat(leases.lease(credential)).isEqualTo(new LeaseResult.NotNow("the grant was revoked"));
    answer = "<html>";
    status = 502;
    assertThat(leases.lease(credential))
        .isEqualTo(new LeaseResult.NotNow("the token-service answered 502"));
    status = 201;
    assertThat(leases.lease(credential))
        .isEqualTo(new LeaseResult.NotNow("the token-service's answer is not a lease"));
    tokenService.stop(0);
    assertThat(leases.lease(credential))
        .isEqualTo(new LeaseResult.NotNow("the token-service does not answer"));
  }

  private String authorization() {
    return leases.lease(credential) instanceof LeaseResult.Lent(Lease lease)
        ? lease.authorization().reveal()
        : "none";
  }

  private static String lease(String token, Instant until) {
    return "{\"leaseId\":\"%s\",\"authorization\":\"Bearer %s\",\"expiresAt\":\"%s\"}"
        .formatted(UUID.randomUUID(), token, until);
  }
}
