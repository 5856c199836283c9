package sh.cinch.bitbucket.client;

import java.util.Locale;

/** What an account may at least do in the repositories asked for. */
public enum RepositoryRole {
  MEMBER,
  CONTRIBUTOR,
  /** May install webhooks. */
  ADMIN;

  String parameter() {
    return name().toLowerCase(Locale.ROOT);
  }
}
