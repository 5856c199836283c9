package sh.cinch.ingress.web.pages;

import java.util.List;

/** What a viewer can do about a credential. */
public sealed interface Remedy {

  /** It is their own grant: authorizing again repairs it, for every repository. */
  record Authorize() implements Remedy {}

  /**
   * It is another account's grant; theirs can take its place.
   *
   * @param address where to choose the repository
   */
  record TakeOver(String address) implements Remedy {}

  /**
   * A token that somebody pasted.
   *
   * @param where to make the next one
   * @param command that puts it in place, word by word: none is broken between lines
   */
  record NewToken(String where, List<String> command) implements Remedy {
    public NewToken {
      command = List.copyOf(command);
    }
  }

  /** Nothing: that is for those who administer the repository. */
  record None() implements Remedy {}
}
