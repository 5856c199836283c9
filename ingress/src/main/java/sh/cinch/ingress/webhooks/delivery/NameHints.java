package sh.cinch.ingress.webhooks.delivery;

import java.util.UUID;

/** Is told when a signed delivery calls a repository otherwise than it is known. */
@FunctionalInterface
public interface NameHints {

  /** Never blocks. The name is not believed. */
  void called(UUID repositoryId, String name);
}
