package sh.cinch.tokenservice.refresh;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import sh.cinch.tokenservice.credential.Credential;

/** What people read about a credential that was refused: what happened, and what they can do. */
final class Reasons {

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private Reasons() {}

  static String refusedOnce(String says, Credential credential) {
    return "Bitbucket refused to refresh it (%s): the authorization may have been withdrawn, or Bitbucket refuses Cinch's OAuth client for a while. Cinch tries once more in a few minutes.%s"
        .formatted(says, interrupted(credential));
  }

  static String refusedTwice(String says, Credential credential) {
    return "Bitbucket refused to refresh it twice, minutes apart (%s): the authorization was withdrawn or has expired. Authorize Bitbucket again.%s"
        .formatted(says, interrupted(credential));
  }

  static String cannotBeTold(String says) {
    return "Bitbucket refused to refresh it twice, minutes apart (%s), in words it uses for withdrawn authorizations and for broken OAuth clients alike. Authorize Bitbucket again; if that fails too, whoever runs Cinch has to look at the client's id and secret."
        .formatted(says);
  }

  static String clientRefused(String says) {
    return "Bitbucket does not accept Cinch's OAuth client (%s), so nothing can be said about this authorization. Whoever runs Cinch has to look at the client's id and secret."
        .formatted(says);
  }

  /** The likeliest cause, where it is known. */
  private static String interrupted(Credential credential) {
    return credential.refreshing().unansweredSince().map(Reasons::interrupted).orElse("");
  }

  private static String interrupted(Instant since) {
    return " A refresh at %s had no answer that reached Cinch, and Bitbucket takes a replaced refresh token for about ten minutes only."
        .formatted(TIME.format(since));
  }
}
