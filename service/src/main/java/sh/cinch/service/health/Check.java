package sh.cinch.service.health;

/** Whether a part would work if it were used now. */
public sealed interface Check {

  record Well() implements Check {}

  /**
   * @param reason what is wrong, for operators; without secrets
   */
  record Unwell(String reason) implements Check {}
}
