package sh.cinch.ingress.webhooks.delivery;

import java.util.UUID;
import org.jooq.DSLContext;

/** Is told when something genuine has come through a repository's hook for the first time. */
@FunctionalInterface
public interface FirstDelivery {

  /** Within the transaction that writes it down. */
  void through(DSLContext transaction, UUID repositoryId);
}
