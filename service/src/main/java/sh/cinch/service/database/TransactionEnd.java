package sh.cinch.service.database;

/** Told when a transaction is over. */
@FunctionalInterface
public interface TransactionEnd {

  /**
   * @param isCommitted false also where that is not known: the session was lost meanwhile
   */
  void ended(boolean isCommitted);
}
