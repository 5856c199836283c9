package sh.cinch.statusworker.history;

import java.util.Map;

/** What happens next in a history. */
sealed interface Step {

  /**
   * A runner tells.
   *
   * @param by how it names the repository
   */
  record Tell(Told told, Naming by) implements Step {}

  /** The same record comes again, under the same id. */
  record Repeat(Told told) implements Step {}

  /** A record that nobody can use, perhaps under the id of one that somebody can. */
  record Poison(int lane, String commit, String event, String value) implements Step {}

  /** Something goes wrong on Bitbucket with calls about a commit. */
  record Break(String commit, Map<String, Object> fault) implements Step {}

  /** Something goes wrong on the way there. */
  record Befall(String commit, Wire.Mishap mishap) implements Step {}

  /** The repository gets another name. */
  record Rename(String suffix, boolean redirects) implements Step {}

  /** The repository is connected with another credential. */
  record Reconnect() implements Step {}

  /** How a record names its repository. */
  enum Naming {
    ID,
    NAME,
    FORMER_NAME
  }
}
