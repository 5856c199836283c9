package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import sh.cinch.bitbucket.RawServer;

/** A client and the server it calls. */
abstract class ClientFixture {
  static final RepositoryAddress BEACON = new RepositoryAddress("lighthouse", "beacon");
  static final String COMMIT = "b2".repeat(20);

  final RawServer server = new RawServer();
  final BitbucketClient client =
      new BitbucketClient(server.web(), server.url(), () -> "Bearer s3cret");

  @AfterEach
  void close() {
    server.close();
  }

  static <T> T ok(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Answer.Ok.class);
    return ((Answer.Ok<T>) answer).value();
  }

  static <T> Answer.Refused<T> refused(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Answer.Refused.class);
    return (Answer.Refused<T>) answer;
  }

  static <T> Answer.Unavailable<T> unavailable(Answer<T> answer) {
    assertThat(answer).isInstanceOf(Answer.Unavailable.class);
    return (Answer.Unavailable<T>) answer;
  }
}
