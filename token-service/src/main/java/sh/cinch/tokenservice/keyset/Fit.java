package sh.cinch.tokenservice.keyset;

/** Whether a keyset opens what is in the database. */
sealed interface Fit {

  record Fits() implements Fit {}

  /** The database could not be asked. */
  record Unknown(String why) implements Fit {}

  /**
   * @param why which keys are needed, which are there, and what to do
   */
  record Misfit(String why) implements Fit {}
}
