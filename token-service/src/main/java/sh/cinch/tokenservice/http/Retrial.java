package sh.cinch.tokenservice.http;

import sh.cinch.tokenservice.credential.Credential;
import sh.cinch.tokenservice.credential.Kind;

/** Whether trying a credential once more can lead to anything. */
sealed interface Retrial {

  record Possible() implements Retrial {}

  record Pointless(String why) implements Retrial {}

  static Retrial of(Credential credential) {
    if (credential.kind() != Kind.OAUTH) {
      return new Pointless("A pasted token cannot be refreshed. Connect with a new one.");
    }
    return switch (credential.standing().state()) {
      case UNCLEAR, NEEDS_AUTHORIZATION -> new Possible();
      case HEALTHY -> new Pointless("It is healthy.");
      case REVOKED -> new Pointless("It was erased. Authorize Bitbucket again.");
    };
  }
}
