package sh.cinch.forge;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import sh.cinch.service.secret.Secret;

/** Webhooks. */
public interface ForgeHooks {

  /**
   * A webhook of a repository.
   *
   * @param id the forge's own
   * @param active false where the forge says that it delivers nothing
   * @param events empty where the forge does not list them
   * @param secretSet whether it signs; empty where the forge does not say
   */
  record Hook(
      String id,
      String url,
      boolean active,
      Optional<Set<String>> events,
      Optional<Boolean> secretSet) {}

  /**
   * The webhooks of a repository.
   *
   * @param unread how many the forge lists beside them of which it does not say what they are:
   *     while there are some, none can be told to be missing
   */
  record Listing(List<Hook> hooks, int unread) {}

  /**
   * A webhook to make, or what one is to become; always active.
   *
   * @param secret its deliveries are signed with; empty where one that is there keeps its own
   */
  record Request(String description, String url, Set<String> events, Optional<Secret> secret) {}

  ForgeResult<Listing> list(ForgeRepository repository);

  /** Not to be repeated blindly: a second call makes a second hook. */
  ForgeResult<Hook> create(ForgeRepository repository, Request hook);

  ForgeResult<Hook> update(ForgeRepository repository, String id, Request hook);

  /** Done also where it was gone already. */
  ForgeResult<Applied> delete(ForgeRepository repository, String id);
}
