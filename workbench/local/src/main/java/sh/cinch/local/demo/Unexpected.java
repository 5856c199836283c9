package sh.cinch.local.demo;

/** The demonstration saw something other than it should; the message says what. */
final class Unexpected extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final String what;

  Unexpected(String what) {
    super(what, null, false, false);
    this.what = what;
  }

  String what() {
    return what;
  }
}
