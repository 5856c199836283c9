package sh.cinch.ingress.connecting;

import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.Purpose;
import sh.cinch.forge.Repositories.Found;
import sh.cinch.ingress.connecting.access.RepositoryAccess;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.StoredCredential;

/**
 * Proof that whoever connects a repository administers it on the forge. Without it a reader could
 * have a hook's secret, and sign deliveries in the repository's name.
 */
record Administration(Forge forge, RepositoryAccessCache access) {

  private static final String CANNOT_TELL =
      "Bitbucket does not say whether this token's account administers the repository.";

  /**
   * @throws Problem 403 where they do not, 422 or 503 where the forge does not say
   */
  void prove(ConnectOrder order, Found repository) {
    boolean proven =
        switch (order.by()) {
          case ConnectOrder.By.Operator() -> byToken(order.credential(), repository);
          case ConnectOrder.By.Person person ->
              administers(access.afresh(person.grant()), repository);
        };
    if (!proven) {
      throw new Problem(
          403,
          "Not an administrator",
          "Only administrators of %s may connect it to Cinch; ask one of them."
              .formatted(repository.fullName()));
    }
  }

  private static boolean administers(RepositoryAccess access, Found repository) {
    if (access.administers(repository.uuid())) {
      return true;
    }
    access
        .untold(ForgeRepository.of(repository))
        .ifPresent(
            problem -> {
              throw problem;
            });
    return false;
  }

  /** Only administrators can make a token of the repository's, its project's or workspace's own. */
  private boolean byToken(StoredCredential credential, Found repository) {
    return (credential.kind().equals(Connection.ACCESS_TOKEN) && credential.account().isEmpty())
        || ForgeAnswers.valueOf(
            forge
                .open(ForgeCaller.once(credential.id(), Purpose.CONNECTING))
                .repositories()
                .administers(repository),
            CANNOT_TELL);
  }
}
