package sh.cinch.forge.cloud;

import java.util.Optional;
import sh.cinch.forge.Cause;

/**
 * What Bitbucket's answers mean for one kind of call, in words for those who asked.
 *
 * @param effect what is left behind where the answer is lost
 * @param refusal says a refusal that explains itself
 * @param lacking ends the reason where a scope is missing
 * @param unexplained the cause of one that does not explain itself
 * @param forbidden ends the reason of one that does not explain itself
 * @param notFoundYet begins the reason while what is asked about may yet appear; empty where it
 *     cannot
 * @param notFound ends the reason of a 404
 */
record Advice(
    Effect effect,
    Refusal refusal,
    String lacking,
    Cause unexplained,
    String forbidden,
    Optional<String> notFoundYet,
    String notFound) {

  /** What a request without a usable answer may have done. */
  enum Effect {
    NONE,
    /** It may have been carried out, or may yet be by whatever stands behind a proxy. */
    WRITE,
    /** Half of it may be there. */
    UPLOAD
  }

  /** Says a refusal in words. */
  @FunctionalInterface
  interface Refusal {
    String inWords(int status, String explained);
  }

  static final String CONNECT_ANEW = ". Connect the repository with a credential that has it";

  static final Advice READING = plain(Effect.NONE);
  static final Advice WRITING = plain(Effect.WRITE);

  /** The same for somebody whose credential is not connected yet. */
  Advice unconnected(String end) {
    return new Advice(effect, refusal, "", unexplained, forbidden, notFoundYet, end);
  }

  private static Advice plain(Effect effect) {
    return new Advice(
        effect,
        (status, explained) -> "Bitbucket refuses it: " + explained,
        CONNECT_ANEW,
        Cause.FORBIDDEN,
        "",
        Optional.empty(),
        "");
  }
}
