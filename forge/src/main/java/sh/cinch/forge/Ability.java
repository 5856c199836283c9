package sh.cinch.forge;

/** What a credential can do for a repository, whatever words its forge has for that. */
public enum Ability {
  /** Read it, and post its commit statuses. */
  REPORT,
  /** Put files beside it, and take them away. */
  UPLOAD,
  /** Make and mend its webhook. */
  MANAGE_HOOKS
}
