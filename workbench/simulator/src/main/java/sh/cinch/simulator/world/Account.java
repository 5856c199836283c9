package sh.cinch.simulator.world;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Who acts: a person, or the pseudo-user that stands for a token.
 *
 * @param uuid in braces
 * @param nickname unique here, though not on Bitbucket
 * @param administrator administers every workspace there is and will be
 * @param permissions what was granted on single repositories, by the repository's UUID
 */
public record Account(
    Kind kind,
    String uuid,
    String accountId,
    String nickname,
    String displayName,
    boolean administrator,
    Map<String, Permission> permissions) {

  /** A person, the OAuth client where it speaks for itself, or a repository's own token. */
  public enum Kind {
    USER,
    OAUTH_CLIENT,
    REPOSITORY_TOKEN
  }

  public Account {
    permissions = Map.copyOf(permissions);
  }

  /** An account nobody has met before. */
  public static Account named(Kind kind, String nickname, String displayName) {
    return new Account(
        kind,
        Fresh.uuid(),
        "557058:" + Fresh.uuid().substring(1, 37),
        nickname,
        displayName,
        false,
        Map.of());
  }

  public Account administeringAll() {
    return new Account(kind, uuid, accountId, nickname, displayName, true, permissions);
  }

  public Account withDisplayName(String other) {
    return new Account(kind, uuid, accountId, nickname, other, administrator, permissions);
  }

  public Account withPermission(String repositoryUuid, Permission permission) {
    var more = new HashMap<>(permissions);
    more.put(repositoryUuid, permission);
    return new Account(kind, uuid, accountId, nickname, displayName, administrator, more);
  }

  /** What was granted; a public repository can be read without any of it. */
  public Optional<Permission> permission(Repository repository) {
    return administrator
        ? Optional.of(Permission.ADMIN)
        : Optional.ofNullable(permissions.get(repository.uuid()));
  }

  public boolean may(Permission wanted, Repository repository) {
    return permission(repository).map(own -> own.includes(wanted)).orElse(false);
  }

  public boolean maySee(Repository repository) {
    return !repository.isPrivate() || may(Permission.READ, repository);
  }
}
