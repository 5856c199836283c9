package sh.cinch.schema.event;

/**
 * How long the texts of events may be, in characters (code points), the same on topics, in the JSON
 * Schemas and in the API. What names something is stored and indexed; what is only shown may be
 * long, and is cut where it is shown.
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

  /** Where a release's file comes from. */
  public static final int SOURCE = 2048;

  /** A text for people: a status' name, description, address. */
  public static final int TEXT = 65_536;

  private Limits() {}
}
