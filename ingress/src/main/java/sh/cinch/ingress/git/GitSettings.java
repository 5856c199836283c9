package sh.cinch.ingress.git;

import java.time.Duration;
import sh.cinch.service.config.Environment;

/**
 * How much git may take.
 *
 * @param atOnce requests of all tokens together in this instance; 0: there is no git address
 * @param atOnceOfToken requests of one token
 * @param silence how long the forge may say nothing, before it answers or in the middle
 */
public record GitSettings(int atOnce, int atOnceOfToken, Duration silence) {

  private static final int USUAL_AT_ONCE = 32;
  private static final int USUAL_OF_TOKEN = 8;

  /** The forge says every few seconds that it is still counting objects. */
  private static final Duration USUAL_SILENCE = Duration.ofSeconds(60);

  public static final GitSettings USUAL =
      new GitSettings(USUAL_AT_ONCE, USUAL_OF_TOKEN, USUAL_SILENCE);

  public static GitSettings from(Environment environment) {
    return new GitSettings(
        environment.count("CINCH_GIT_AT_ONCE", 0, USUAL_AT_ONCE),
        environment.count("CINCH_GIT_AT_ONCE_OF_TOKEN", USUAL_OF_TOKEN),
        USUAL_SILENCE);
  }

  boolean isOff() {
    return atOnce == 0;
  }
}
