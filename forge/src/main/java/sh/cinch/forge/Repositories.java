package sh.cinch.forge;

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
   * All that an account may read.
   *
   * @param administered those of them that it administers, by name
   */
  record Accessible(List<Found> visible, List<Found> administered) {}

  ForgeResult<Found> find(ForgeRepository repository);

  ForgeResult<Accessible> accessible();

  /** Whether the account of the credential administers a repository that it shows. */
  ForgeResult<Boolean> administers(Found repository);

  /**
   * The refusal, unless the repository itself is refused to the same credential as well: in an
   * outage a forge may refuse anything with any status.
   */
  <T> ForgeResult<T> unlessOutage(ForgeRepository repository, ForgeResult.Refused<T> refusal);
}
