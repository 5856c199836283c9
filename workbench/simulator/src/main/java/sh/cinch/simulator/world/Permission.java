package sh.cinch.simulator.world;

import java.util.Locale;

/** What an account may do with a repository; each includes those before it. */
public enum Permission {
  READ,
  WRITE,
  ADMIN;

  public boolean includes(Permission other) {
    return compareTo(other) >= 0;
  }

  /** As the API writes it. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
