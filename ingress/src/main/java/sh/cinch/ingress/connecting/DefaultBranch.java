package sh.cinch.ingress.connecting;

import java.util.UUID;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Refs;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.service.http.Problem;

/** Asks the forge where a repository's default branch is. */
public record DefaultBranch(Forge forge) {

  /**
   * @throws Problem 409 where it has none, 422 where the forge refuses, 503 where it is away
   */
  public Refs.Branch of(Connection connection) {
    UUID credential =
        connection.credential().map(Connection.Used::id).orElseThrow(DefaultBranch::noCredential);
    return ForgeAnswers.valueOf(
            forge
                .open(ForgeCaller.once(credential, Purpose.PAGE).about(connection.id()))
                .refs()
                .defaultBranch(connection.address()),
            "Cinch cannot see where the default branch is.")
        .orElseThrow(() -> noBranch(connection));
  }

  private static Problem noCredential() {
    return new Problem(
        409, "Not connected", "This repository has no credential: connect it again.");
  }

  private static Problem noBranch(Connection connection) {
    return new Problem(
        409,
        "No default branch",
        "Bitbucket knows no commit of the default branch of %s: push one first."
            .formatted(connection.fullName()));
  }
}
