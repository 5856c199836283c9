package sh.cinch.tokenservice.credential;

import java.util.Arrays;

/** What sort of credential it is, which decides how it is shown to the forge and how it lives. */
public enum Kind {
  /** A grant of a person: its access tokens are refreshed. */
  OAUTH("oauth"),
  /** Of a repository, project or workspace; pasted, never refreshed. */
  ACCESS_TOKEN("access-token"),
  /** Of a person, used with their e-mail address; pasted, never refreshed. */
  API_TOKEN("api-token");

  private final String word;

  Kind(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  static Kind of(String word) {
    return Arrays.stream(values())
        .filter(kind -> kind.word.equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no kind of credential: " + word));
  }
}
