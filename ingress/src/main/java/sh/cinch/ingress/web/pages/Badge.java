package sh.cinch.ingress.web.pages;

import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.service.token.CredentialHealth;

/**
 * A state at a glance: by its words, its sign and its colour, so that none is needed alone.
 *
 * @param tone {@code good}, {@code bad}, {@code busy} or {@code quiet}: the style's class
 */
public record Badge(String tone, String sign, String text) {

  static Badge ofBuild(String state) {
    return switch (state) {
      case "success" -> new Badge("good", "✓", "passed");
      case "failure" -> new Badge("bad", "✗", "failed");
      case "error" -> new Badge("bad", "!", "error");
      case "running" -> new Badge("busy", "▸", "running");
      case "pending" -> new Badge("quiet", "…", "pending");
      case "cancelled" -> new Badge("quiet", "■", "cancelled");
      default -> new Badge("quiet", "?", state);
    };
  }

  /** Whether the forge shows what was reported. */
  static Badge ofDelivery(String outcome) {
    return switch (outcome) {
      case "delivered" -> new Badge("good", "✓", "on Bitbucket");
      case "waiting" -> new Badge("busy", "…", "waiting for Bitbucket");
      case "superseded" -> new Badge("quiet", "»", "superseded");
      case "failed" -> new Badge("bad", "✗", "not on Bitbucket");
      default -> new Badge("quiet", "?", outcome);
    };
  }

  /** Where a release stands as a whole. */
  static Badge ofRelease(String state) {
    return switch (state) {
      case "requested" -> new Badge("quiet", "…", "on its way");
      case "failed" -> new Badge("bad", "✗", "failed");
      default -> ofDelivery(state);
    };
  }

  static Badge ofReleasedFile(String state) {
    return state.equals("requested") ? ofRelease(state) : ofDelivery(state);
  }

  static Badge ofWebhook(boolean managed, boolean healthy) {
    if (healthy) {
      return new Badge("good", "✓", "webhook works");
    }
    return managed
        ? new Badge("quiet", "…", "webhook waits for a push")
        : new Badge("busy", "!", "webhook to be made by hand");
  }

  /** Whether the credential of a repository can be used, and will be. */
  static Badge ofCredential(String kind, CredentialHealth standing) {
    return switch (standing.state()) {
      case HEALTHY ->
          standing.isWell()
              ? new Badge("good", "✓", "access works")
              : new Badge("busy", "!", "access ends soon");
      case UNCLEAR -> new Badge("busy", "?", "access unclear");
      case NEEDS_AUTHORIZATION ->
          new Badge(
              "bad",
              "!",
              kind.equals(Connection.OAUTH) ? "needs authorization" : "needs a new token");
      case REVOKED -> new Badge("bad", "!", "access removed");
    };
  }

  static Badge incomplete(String state) {
    return new Badge("bad", "!", state + ", not finished");
  }
}
