package sh.cinch.forge;

import java.util.List;
import java.util.Set;
import sh.cinch.service.secret.Secret;

/** Webhooks. */
public interface ForgeHooks {

  /**
   * A webhook of a repository.
   *
   * @param id the forge's own
   */
  record Hook(String id, String url) {}

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
   * @param secret its deliveries are signed with
   */
  record Request(String description, String url, Set<String> events, Secret secret) {}

  ForgeResult<Listing> list(ForgeRepository repository);

  /** Not to be repeated blindly: a second call makes a second hook. */
  ForgeResult<Hook> create(ForgeRepository repository, Request hook);

  ForgeResult<Hook> update(ForgeRepository repository, String id, Request hook);

  /** Done also where it was gone already. */
  ForgeResult<Applied> delete(ForgeRepository repository, String id);
}
