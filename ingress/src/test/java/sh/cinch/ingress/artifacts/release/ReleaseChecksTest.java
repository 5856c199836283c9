package sh.cinch.ingress.artifacts.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.DSLContext;
import org.junit.jupiter.api.Test;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.HourlyLimit;
import sh.cinch.forge.call.Requests;
import sh.cinch.forge.cloud.BitbucketCloud;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.running.ReleaseEvents;
import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.http.Problem;

/** Files that were uploaded, or should have been. */
@OnStack
class ReleaseChecksTest {

  private static final String SHA256 = "ab".repeat(32);

  private final UUID artifact = UUID.randomUUID();
  private final Connection connection =
      new Connection(
          UUID.randomUUID(),
          "bitbucket-cloud",
          "{1}",
          "acme/app",
          Optional.empty(),
          List.of(),
          Connection.State.CONNECTED,
          Optional.empty(),
          Instant.EPOCH);
  private final ReleaseChecks checks;

  ReleaseChecksTest(Stack stack) {
    this.checks =
        new ReleaseChecks(
            new BitbucketCloud(
                stack.context().vertx(),
                Site.bitbucketCloud(stack.bitbucket().url(), stack.bitbucket().url()),
                stack.leases(),
                new Requests(
                    stack.context().database(),
                    stack.context().clock(),
                    stack.context().metrics(),
                    HourlyLimit.of(0)),
                stack.context().clock(),
                1),
            storing(10, SHA256));
  }

  @Test
  void whatIsStoredAsSaidIsGood() {
    assertThatCode(() -> checks.files(connection, request("artifact:" + artifact)))
        .doesNotThrowAnyException();
  }

  @Test
  void whatLiesElsewhereIsNotAskedFor() {
    assertThatCode(() -> checks.files(connection, request("https://runner.example/app")))
        .doesNotThrowAnyException();
  }

  @Test
  void whatIsNotStoredIsRefused() {
    assertThat(refused(request("artifact:" + UUID.randomUUID())))
        .contains("'app'")
        .contains("Upload it again");
  }

  @Test
  void whatIsStoredOtherwiseIsRefused() {
    assertThat(refused(request("artifact:" + artifact, 11, SHA256))).contains("10 bytes");
    assertThat(refused(request("artifact:" + artifact, 10, "cd".repeat(32)))).contains(SHA256);
  }

  private String refused(ReleaseRequest request) {
    Problem problem = catchThrowableOfType(Problem.class, () -> checks.files(connection, request));
    assertThat(problem.status()).isEqualTo(422);
    return problem.detail();
  }

  private ReleaseRequest request(String source) {
    return request(source, 10, SHA256);
  }

  private ReleaseRequest request(String source, long size, String sha256) {
    return new ReleaseRequest(
        RepositoryRef.byId(connection.id()),
        "v1",
        ReleaseEvents.COMMIT,
        null,
        List.of(new ReleaseRequest.File("app", source, size, sha256, null)));
  }

  private ReleasedFiles storing(long size, String sha256) {
    return new ReleasedFiles() {
      @Override
      public Optional<Stored> find(UUID repository, UUID asked) {
        return repository.equals(connection.id()) && asked.equals(artifact)
            ? Optional.of(new Stored(size, sha256))
            : Optional.empty();
      }

      @Override
      public void needed(DSLContext transaction, Collection<UUID> artifacts) {}

      @Override
      public void released(DSLContext transaction, Collection<UUID> artifacts) {}
    };
  }
}
