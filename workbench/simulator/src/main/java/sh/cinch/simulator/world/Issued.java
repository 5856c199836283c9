package sh.cinch.simulator.world;

import java.util.Locale;

/** A secret that was handed out, so that a test can look for it where it must not be. */
public record Issued(Kind kind, String value) {

  /** What it is good for. */
  public enum Kind {
    CODE,
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    REPOSITORY_TOKEN,
    API_TOKEN;

    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Override
  public String toString() {
    return "Issued " + kind.word();
  }
}
