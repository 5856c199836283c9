package sh.cinch.simulator.api;

import java.util.List;
import sh.cinch.simulator.world.AccessToken;

/**
 * The scopes a call needs.
 *
 * @param apiTokenScopes the same for a person's API token: other names, none of which carries
 *     another, and a write may need both
 */
record Required(List<String> scopes, List<String> apiTokenScopes) {
  static final Required REPOSITORY =
      new Required(List.of("repository"), List.of("read:repository:bitbucket"));

  List<String> of(AccessToken token) {
    return token.kind() == AccessToken.Kind.API_TOKEN ? apiTokenScopes : scopes;
  }
}
