package sh.cinch.tokenservice.refresh;

import sh.cinch.tokenservice.credential.Credential;

/** How a credential is once somebody wanted it refreshed. */
public sealed interface RefreshOutcome {

  /** It has another token now, of this refresh or of somebody else's. */
  record Replaced(Credential credential) implements RefreshOutcome {}

  /**
   * It still has the token it had; another try, later, may help.
   *
   * @param why for people
   */
  record Kept(Credential credential, String why) implements RefreshOutcome {}

  /** Only a person can mend it, or it has been erased. */
  record Ended(String why) implements RefreshOutcome {}

  /** What its row says, where nothing else is known of the refresh. */
  static RefreshOutcome of(Credential credential, String otherwise) {
    String why = credential.history().reason().orElse(otherwise);
    return credential.isOver() ? new Ended(why) : new Kept(credential, why);
  }
}
