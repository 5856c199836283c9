package sh.cinch.schema.event;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How long the texts of events may be, in characters (code points), how many of them there may be,
 * and how old what they tell, the same on topics, in the JSON Schemas and in the API. What a caller
 * sends and is longer is refused; what comes from a forge and is only shown is cut where the event
 * is made.
 */
public final class Limits {

  /** A key, a number, a file's name, an id. */
  public static final int NAME = 255;

  /** A ref, whole: with a key and a commit it has room in one entry of a database's index. */
  public static final int REF = 300;

  /** A tag, without what makes it a ref. */
  public static final int TAG = 250;

  /** A name pattern of a release. */
  public static final int PATTERN = 500;

  /** An address: where a release's file comes from, where a build can be looked at. */
  public static final int ADDRESS = 2048;

  /** What people call something: the name of a status or an account, an author. */
  public static final int TITLE = 1_000;

  /** A text for people: a status' description, a commit's message. */
  public static final int TEXT = 10_000;

  /** Why something is as it is, or one warning. */
  public static final int REASON = 1_000;

  /** Warnings of one thing; of more the last says how many there are. */
  public static final int WARNINGS = 100;

  /**
   * How long ago a build state may have occurred, or a release been asked for, when its record
   * came: so long what came before it is known at least.
   */
  public static final Duration AGE = Duration.ofDays(100);

  private Limits() {}

  /**
   * Why what happened then is not taken any more, for whoever sent it.
   *
   * @param field that says when
   * @param came when its record came, by the broker
   */
  public static Optional<String> tooOld(String field, Instant at, Instant came) {
    return at.isBefore(came.minus(AGE))
        ? Optional.of(
            ("field '%s' is %s, more than %d days before it came: what is so old is not known any"
                    + " more. Correct the sender's clock, or send it anew with the present time")
                .formatted(field, at, AGE.toDays()))
        : Optional.empty();
  }
}
