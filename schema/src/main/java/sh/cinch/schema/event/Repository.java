package sh.cinch.schema.event;

import static sh.cinch.schema.event.Field.required;

import java.util.UUID;

/**
 * A repository as events name it.
 *
 * @param id Cinch's own id, the same for ever, also after disconnecting and connecting again
 * @param forge {@link #BITBUCKET_CLOUD}; others later
 * @param fullName workspace and slug, {@code acme/app}; changes when it is renamed
 * @param uuid the forge's own id, in braces on Bitbucket Cloud
 * @param cloneUrl where git finds it, without credentials
 */
public record Repository(UUID id, String forge, String fullName, String uuid, String cloneUrl) {

  public static final String BITBUCKET_CLOUD = "bitbucket-cloud";

  /** What people, and runners, may call it as well. */
  private static final String BITBUCKET = "bitbucket";

  public Repository {
    required(id, "repository.id");
    Field.name(forge, "repository.forge");
    Field.name(fullName, "repository.fullName");
    Field.name(uuid, "repository.uuid");
    Field.uri(cloneUrl, "repository.cloneUrl");
  }

  /** A forge as the contract has it, by whichever of its names it was given. */
  public static String forge(String name) {
    return name.equals(BITBUCKET) ? BITBUCKET_CLOUD : name;
  }
}
