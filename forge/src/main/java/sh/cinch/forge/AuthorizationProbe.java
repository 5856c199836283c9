package sh.cinch.forge;

import java.util.Set;
import sh.cinch.service.token.Account;

/** Shows what an authorization is good for that the token-service does not lend, or not yet. */
public interface AuthorizationProbe {

  /** Which person's it is; tokens of repositories, projects and workspaces are nobody's. */
  ForgeResult<Account> owner();

  /** Whether it shows a repository. */
  ForgeResult<Repositories.Found> find(ForgeRepository repository);

  /**
   * What it may do, in the forge's words, as far as that can be told.
   *
   * @param repository that it has shown
   * @param ofAPerson whether it can stand for a person, who has other scopes than a repository
   */
  Set<String> scopes(ForgeRepository repository, boolean ofAPerson);
}
