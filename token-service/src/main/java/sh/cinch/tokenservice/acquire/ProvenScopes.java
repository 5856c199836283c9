package sh.cinch.tokenservice.acquire;

import java.util.Set;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.tokenservice.credential.Kind;

/**
 * What a pasted token may do. There is no call that says so, but a refusal for want of a scope
 * lists those that are there; where nothing is refused, what worked is known.
 */
final class ProvenScopes {

  private ProvenScopes() {}

  /**
   * @param api of a token that has shown this repository
   */
  static Set<String> of(BitbucketClient api, Kind kind, RepositoryAddress repository) {
    // Needs the scope account, which tokens of repositories and projects cannot have.
    Set<String> told = granted(api.workspaces());
    if (!told.isEmpty()) {
      return told;
    }
    Answer<?> hooks = api.hooks(repository);
    told = granted(hooks);
    if (!told.isEmpty()) {
      return told;
    }
    boolean mayReadHooks = hooks instanceof Answer.Ok<?>;
    return switch (kind) {
      case OAUTH, ACCESS_TOKEN ->
          mayReadHooks ? Set.of("repository", "webhook") : Set.of("repository");
      case API_TOKEN ->
          mayReadHooks
              ? Set.of("read:repository:bitbucket", "read:webhook:bitbucket")
              : Set.of("read:repository:bitbucket");
    };
  }

  private static Set<String> granted(Answer<?> answer) {
    return answer instanceof Answer.Refused<?> refused ? refused.error().grantedScopes() : Set.of();
  }
}
