package sh.cinch.forge;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Repositories, and who may do what with them. */
public interface Repositories {

  /**
   * A repository that the credential shows.
   *
   * @param uuid the forge's own id
   * @param workspaceUuid the forge's own id of its workspace; empty where there is none
   * @param isPrivate true also where the forge does not say
   */
  record Found(String uuid, String fullName, Optional<String> workspaceUuid, boolean isPrivate) {}

  /**
   * All that an account may read, as far as the forge said it.
   *
   * @param administered those of them that it administers, by name
   * @param gaps where there may be more
   */
  record Accessible(List<Found> visible, List<Found> administered, List<Gap> gaps) {}

  /** What of a listing could not be read. */
  sealed interface Gap {

    /**
     * A workspace that could not be listed.
     *
     * @param name as people know it
     * @param uuid the forge's own id, where it says it
     * @param why never done
     */
    record Unlisted(String name, Optional<String> uuid, ForgeResult<?> why) implements Gap {}

    /** Some of a workspace's repositories, of which the forge says not even what they are. */
    record OddRepositories(String workspace, Optional<String> uuid, int count) implements Gap {}

    /** Some workspaces, likewise. */
    record OddWorkspaces(int count) implements Gap {}
  }

  /**
   * When a repository was changed, by the forge's clock. Whether each push counts as a change is
   * not known of every forge.
   *
   * @param uuid the forge's own id
   */
  record Changed(String uuid, Instant at) {}

  /**
   * The repositories of a workspace that were changed, in one request unless they are many.
   *
   * @param workspaceUuid the forge's own id
   * @param since what was changed up to then is left out
   */
  ForgeResult<List<Changed>> changed(String workspaceUuid, Instant since);

  ForgeResult<Found> find(ForgeRepository repository);

  /** Done also where some workspace cannot be listed, unless none can. */
  ForgeResult<Accessible> accessible();

  /** Whether the account of the credential administers a repository that it shows. */
  ForgeResult<Boolean> administers(Found repository);

  /**
   * The refusal, unless the repository itself is refused to the same credential as well: in an
   * outage a forge may refuse anything with any status.
   */
  <T> ForgeResult<T> unlessOutage(ForgeRepository repository, ForgeResult.Refused<T> refusal);
}
