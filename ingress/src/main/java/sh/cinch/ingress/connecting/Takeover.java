package sh.cinch.ingress.connecting;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import sh.cinch.forge.Ability;
import sh.cinch.forge.Forge;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.http.Problem;
import sh.cinch.service.token.Account;
import sh.cinch.service.token.StoredCredential;

/**
 * Whether a credential may take the place of a connected repository's present one: unasked where it
 * is the same person's, or where it and the present one are tokens of the repository's own and
 * nothing gets lost; otherwise only where an administrator says so.
 */
record Takeover(Forge forge, Credentials credentials) {

  /**
   * @throws Problem 409 that names what would be lost
   */
  void check(Connection before, ConnectOrder order) {
    Optional<Connection.Used> present =
        before.credential().filter(used -> !used.id().equals(order.credential().id()));
    if (!before.isConnected() || present.isEmpty() || order.replace()) {
      return;
    }
    StoredCredential next = order.credential();
    Set<Ability> lost = lost(present.get(), next);
    if (isOfTheSame(present.get(), next) && (next.account().isPresent() || lost.isEmpty())) {
      return;
    }
    throw refused(before, isOfTheSame(present.get(), next), lost);
  }

  /** A repository's tokens have no account: one in the place of another is its owner's doing. */
  private static boolean isOfTheSame(Connection.Used present, StoredCredential next) {
    Optional<String> account = next.account().map(Account::uuid);
    return account.isPresent()
        ? present.account().equals(account)
        : present.kind().equals(Connection.ACCESS_TOKEN)
            && next.kind().equals(Connection.ACCESS_TOKEN);
  }

  /** Where nobody says what the present one can do, it is taken to do everything. */
  private Set<Ability> lost(Connection.Used present, StoredCredential next) {
    Set<Ability> lost =
        credentials
            .find(present.id())
            .map(found -> forge.abilities(found.scopes()))
            .filter(abilities -> !abilities.isEmpty())
            .orElseGet(() -> EnumSet.allOf(Ability.class));
    Set<Ability> left = EnumSet.copyOf(lost);
    left.removeAll(forge.abilities(next.scopes()));
    return left;
  }

  private static Problem refused(Connection before, boolean ofTheSame, Set<Ability> lost) {
    String whose =
        ofTheSame
            ? "%s is connected with a token that can do more than yours."
            : "%s is connected with another account's credential.";
    String loss =
        lost.isEmpty()
            ? ""
            : " With yours, Cinch could no longer %s."
                .formatted(lost.stream().map(Takeover::words).collect(Collectors.joining(" or ")));
    return new Problem(
        409,
        ofTheSame ? "Connected with a stronger token" : "Connected by another account",
        whose.formatted(before.fullName())
            + loss
            + " Yours takes its place only if you say so (replace=true).");
  }

  private static String words(Ability ability) {
    return switch (ability) {
      case REPORT -> "read it and post commit statuses (repository)";
      case UPLOAD -> "upload releases (repository:write)";
      case MANAGE_HOOKS -> "make and mend its webhook (webhook)";
    };
  }
}
