package sh.cinch.bitbucket.client;

/** What became of an upload. */
public sealed interface Uploaded {
  /**
   * As for any call. Where it is not {@link Answer.Ok} and may have happened, half of the file may
   * stand under its name: what Bitbucket makes of a torn upload is not documented.
   */
  record Answered(Answer<Done> answer) implements Uploaded {}

  /**
   * The content failed, ended too early, gave more than was announced or nothing any more. The
   * upload was torn, so that it cannot be taken for complete.
   *
   * @param begun whether Bitbucket may have seen part of it
   */
  record Torn(Throwable cause, boolean begun) implements Uploaded {}
}
