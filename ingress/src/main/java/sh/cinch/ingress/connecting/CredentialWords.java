package sh.cinch.ingress.connecting;

import java.util.Locale;
import java.util.Optional;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.token.CredentialHealth;

/** What people read about credentials that want them, and about those that are gone. */
public final class CredentialWords {

  private static final String WITHDRAW =
      " Bitbucket has no call to withdraw an authorization: do so on Bitbucket, under Personal"
          + " settings, App authorizations.";

  private CredentialWords() {}

  /** What is the matter and what to do, in one text; empty where nothing is. */
  public static Optional<String> warning(Connection connection, CredentialHealth health) {
    return connection
        .credential()
        .filter(used -> !health.isWell())
        .map(used -> happened(health) + " " + remedy(connection, used));
  }

  /** What is the matter, as a sentence. */
  public static String happened(CredentialHealth health) {
    String reason = health.reason().map(CredentialWords::sentence).orElse("");
    return switch (health.state()) {
      case HEALTHY -> reason;
      case UNCLEAR ->
          reason.isEmpty()
              ? "It is not clear whether Bitbucket still accepts this credential."
              : reason;
      case NEEDS_AUTHORIZATION ->
          reason.isEmpty() ? "Bitbucket no longer accepts this credential." : reason;
      case REVOKED -> reason.isEmpty() ? "This credential was removed." : reason;
    };
  }

  private static String remedy(Connection connection, Connection.Used used) {
    return used.isOAuth()
        ? "Authorize again on Cinch's page, as the account that connected it."
        : whereToMake(used.kind()) + " Connect with it: " + command(connection, used);
  }

  /** How a pasted token gets a successor. */
  public static String whereToMake(String kind) {
    return isApiToken(kind)
        ? "Make a new API token: Atlassian account, Security, API tokens."
        : "Make a new token on Bitbucket: Repository settings, Access tokens.";
  }

  /** What puts the new token in the old one's place. */
  public static String command(Connection connection, Connection.Used used) {
    boolean apiToken = isApiToken(used.kind());
    return "cinch repo add --forge bitbucket --repo "
        + connection.fullName()
        + (apiToken ? " --email ADDRESS" : "")
        + " --token -"
        // Where Bitbucket did not say whose the old one is, the new one counts as another's.
        + (apiToken && used.account().isEmpty() ? " --replace" : "");
  }

  /** How it ended with the credential of a repository that was disconnected. */
  static Optional<String> gone(String kind, Removal removal) {
    return switch (removal) {
      case IN_USE -> Optional.empty();
      case SIGNED_IN ->
          Optional.of(
              "No repository uses this authorization any more. Cinch keeps it while its owner is"
                  + " signed in, and erases it then."
                  + WITHDRAW);
      case KEPT ->
          Optional.of(
              "Another repository was connected with it within the last day. Cinch keeps it for the"
                  + " statuses that it began there, and erases it then.");
      case ERASED -> Optional.of("Cinch has erased " + copies(kind));
      case OWED ->
          Optional.of(
              "The token-service does not answer just now; as soon as it does, Cinch erases "
                  + copies(kind));
    };
  }

  private static String copies(String kind) {
    if (isApiToken(kind)) {
      return "its copy of the API token. On Bitbucket the token stays valid until you revoke it:"
          + " Atlassian account, Security, API tokens.";
    }
    return kind.equals(Connection.OAUTH)
        ? "its copies of the authorization." + WITHDRAW
        : "its copy of the token. On Bitbucket the token stays valid until you revoke it:"
            + " Repository settings, Access tokens.";
  }

  private static boolean isApiToken(String kind) {
    return kind.equals(Connection.API_TOKEN);
  }

  private static String sentence(String reason) {
    String text = reason.strip();
    if (text.isEmpty()) {
      return "";
    }
    String begun = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    return begun.matches("(?s).*[.!?]") ? begun : begun + ".";
  }
}
