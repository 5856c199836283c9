package sh.cinch.tokenservice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jooq.Record;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.testkit.Http;
import sh.cinch.testkit.Reply;

/** Who may do what, and how it is told. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AccessTest {

  private final Stack stack = new Stack();
  private final Instance instance = stack.start();

  @AfterAll
  void close() {
    stack.close();
  }

  @Test
  void aWrongSecretIsNotLetIn() {
    UUID credential = stack.connect(instance, "ada");

    Reply refused =
        instance.call("another-secret-altogether", "GET", "/v1/credentials/" + credential, "");

    assertThat(refused.status()).isEqualTo(401);
    assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
  }

  @Test
  void aWorkerMayLeaseAndNoMoreThanThat() {
    UUID credential = stack.connect(instance, "ada");

    assertThat(instance.lease(credential).status()).isEqualTo(201);
    for (String path : List.of("", "/leases")) {
      assertThat(
              instance
                  .worker("GET", "/v1/credentials/" + credential + path, new JsonObject())
                  .status())
          .isEqualTo(403);
    }
  }

  @Test
  void aWorkerMayNeitherStoreNorErase() {
    UUID credential = stack.connect(instance, "ada");

    JsonObject nothing = new JsonObject();
    assertThat(instance.worker("POST", "/v1/credentials", nothing).status()).isEqualTo(403);
    assertThat(instance.worker("DELETE", "/v1/credentials/" + credential, nothing).status())
        .isEqualTo(403);
    assertThat(instance.state(credential)).isEqualTo("healthy");
  }

  @Test
  void noAnswerMayBeStored() {
    UUID credential = stack.connect(instance, "ada");

    assertThat(instance.lease(credential).headers().firstValue("cache-control"))
        .hasValue("no-store");
    assertThat(instance.lease(UUID.randomUUID()).headers().firstValue("cache-control"))
        .hasValue("no-store");
  }

  @Test
  void erasingRevokesForGood() {
    UUID credential = stack.connect(instance, "ada");

    assertThat(instance.erase(credential).status()).isEqualTo(204);
    assertThat(instance.erase(credential).status()).isEqualTo(204);

    assertThat(instance.state(credential)).isEqualTo("revoked");
    assertThat(instance.lease(credential).status()).isEqualTo(409);
    Record row =
        instance
            .sql()
            .fetchSingle(
                "select authorization_secret, refresh_secret from token_service.credential"
                    + " where id = ?",
                credential);
    assertThat(row.intoArray()).containsOnlyNulls();
  }

  @Test
  void whoLeasedIsCountedByTheMinute() {
    UUID credential = stack.connect(instance, "bo");
    instance.lease(credential);
    instance.lease(credential);

    await()
        .untilAsserted(
            () ->
                assertThat(
                        instance
                            .sql()
                            .fetchOptional(
                                "select sum(leases) from token_service.lease_audit"
                                    + " where credential_id = ? and caller = 'status-worker'",
                                credential)
                            .map(row -> row.get(0, Integer.class)))
                    .hasValue(2));
    Reply audit =
        instance.ingress("GET", "/v1/credentials/" + credential + "/leases", new JsonObject());
    assertThat(audit.json().getJsonArray("items").stream().map(JsonObject.class::cast))
        .allSatisfy(
            line -> {
              assertThat(line.getString("caller")).isEqualTo("status-worker");
              assertThat(Instant.parse(line.getString("minute")))
                  .isBeforeOrEqualTo(stack.clock.instant());
            })
        .extracting(line -> line.getInteger("leases"))
        .satisfies(leases -> assertThat(leases).hasSizeBetween(1, 2));
  }

  @Test
  void theAuditIsForgottenAfterNinetyDays() {
    UUID credential = stack.connect(instance, "cy");
    instance
        .sql()
        .execute(
            "insert into token_service.lease_audit values (?, 'ingress', ?::timestamptz, 1),"
                + " (?, 'ingress', ?::timestamptz, 1)",
            credential,
            stack.clock.instant().minus(Duration.ofDays(91)).toString(),
            credential,
            stack.clock.instant().minus(Duration.ofDays(89)).toString());

    Instance other = stack.start();

    await()
        .untilAsserted(
            () ->
                assertThat(
                        other
                            .sql()
                            .fetchSingle(
                                "select count(*) from token_service.lease_audit"
                                    + " where credential_id = ?",
                                credential)
                            .get(0, Long.class))
                    .isOne());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          POST | /v1/credentials            | {"kind":            | 400 | not a JSON object
          POST | /v1/credentials            | []                  | 400 | not a JSON object
          POST | /v1/credentials            | {}                  | 400 | 'kind' is missing
          POST | /v1/credentials            | {"kind":"password"} | 400 | neither oauth nor token
          POST | /v1/credentials            | {"kind":7}          | 400 | 'kind' is not a text
          POST | /v1/credentials            | {"kind":"oauth","code":"c","redirectUri":"/x"} | 400 | 'redirectUri'
          POST | /v1/credentials            | {"kind":"token","forge":"bitbucket-cloud","fullName":"app","token":"t"} | 400 | workspace/repo
          POST | /v1/credentials/{}/leases  | {"minimumSeconds":"1"} | 400 | not a whole number
          POST | /v1/credentials/{}/leases  | {"minimumSeconds":-1}  | 400 | from 0 to
          POST | /v1/credentials/{}/rejections | {"leaseId":"x"}  | 400 | 'leaseId'
          POST | /v1/credentials/x/leases   | {}                  | 404 | no credential
          GET  | /v1/nothing                | {}                  | 404 | /v1
          """)
  void whatIsWrongIsSaid(String method, String path, String body, int status, String detail) {
    UUID credential = stack.connect(instance, "ada");

    Reply refused =
        instance.call(Instance.INGRESS, method, path.replace("{}", credential.toString()), body);

    assertThat(refused.status()).isEqualTo(status);
    assertThat(refused.text("detail")).contains(detail);
  }

  @Test
  void aBodyThatIsTooLargeIsRefused() {
    Reply refused = instance.call(Instance.INGRESS, "POST", "/v1/credentials", "x".repeat(70_000));

    assertThat(refused.status()).isEqualTo(413);
  }

  @Test
  void withoutASecretNothingIsTold() {
    UUID credential = stack.connect(instance, "ada");
    String url = instance.url() + "/v1/credentials/" + credential + "/leases";

    assertThat(Http.send("POST", url, Map.of(), "{}").status()).isEqualTo(401);
  }

  @Test
  void itIsReadyAndLive() {
    assertThat(instance.management("/health/ready").status()).isEqualTo(200);
    assertThat(instance.management("/health/live").status()).isEqualTo(200);
  }
}
