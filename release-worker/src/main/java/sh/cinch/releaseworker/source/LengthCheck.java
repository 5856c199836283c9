package sh.cinch.releaseworker.source;

import sh.cinch.releaseworker.source.Web.Heard;

/** Whether an answer's head can be that of the file which the request announces. */
final class LengthCheck {

  private LengthCheck() {}

  static Opened of(Heard.Whole whole, String whom, long size) {
    if (!whole.isPlain()) {
      whole.bytes().close();
      return new Opened.Refused(
          "%s sends the file compressed, though it was asked not to".formatted(whom));
    }
    long length = whole.length().orElse(size);
    if (length != size) {
      whole.bytes().close();
      return new Opened.Refused(
          "the file has %d bytes at %s, the request says %d".formatted(length, whom, size));
    }
    return new Opened.Content(whole.bytes(), whole.bytes()::close);
  }
}
