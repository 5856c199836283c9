package sh.cinch.forge.cloud;

import static sh.cinch.forge.Ability.MANAGE_HOOKS;
import static sh.cinch.forge.Ability.REPORT;
import static sh.cinch.forge.Ability.UPLOAD;

import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import sh.cinch.forge.Ability;

/** Scopes of Bitbucket Cloud, those of OAuth and access tokens and those of API tokens. */
final class CloudScopes {

  private CloudScopes() {}

  /** Reading is enough for statuses; administering a repository implies nothing else. */
  static Set<Ability> abilities(Collection<String> scopes) {
    Set<Ability> abilities = EnumSet.noneOf(Ability.class);
    for (String scope : scopes) {
      switch (scope) {
        case "repository", "pullrequest", "project", "read:repository:bitbucket" ->
            abilities.add(REPORT);
        case "repository:write", "pullrequest:write" -> {
          abilities.add(REPORT);
          abilities.add(UPLOAD);
        }
        case "write:repository:bitbucket" -> abilities.add(UPLOAD);
        case "webhook", "write:webhook:bitbucket" -> abilities.add(MANAGE_HOOKS);
        default -> {} // of what Cinch does not do
      }
    }
    return abilities;
  }
}
