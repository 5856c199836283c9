package sh.cinch.ingress.git;

import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.token.RandomToken;

/** Who may read what. */
public interface GitEntry {

  /**
   * @throws sh.cinch.service.http.Problem 401 where nobody has this token, 404 where its holder may
   *     not see the repository
   */
  Connection enter(RandomToken shown, UUID repository);
}
