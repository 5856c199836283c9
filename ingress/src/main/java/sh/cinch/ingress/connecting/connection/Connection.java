package sh.cinch.ingress.connecting.connection;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.Site;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.text.EnumWord;

/**
 * A repository and how it stands with Cinch.
 *
 * @param id Cinch's own, the same for ever
 * @param uuid the forge's, in braces: what identifies it
 * @param fullName as the forge last called it
 * @param workspaceUuid the forge's; empty where it is not known yet
 * @param formerNames the newest first
 * @param credential what its calls are made with; empty where it is not connected
 * @param since when it came to its state
 */
public record Connection(
    UUID id,
    String forge,
    String uuid,
    String fullName,
    Optional<String> workspaceUuid,
    List<String> formerNames,
    State state,
    Optional<Used> credential,
    Instant since) {

  /** Kinds of credentials, in the words of {@code cinch.credential.v1}. */
  public static final String OAUTH = "oauth";

  public static final String ACCESS_TOKEN = "access-token";
  public static final String API_TOKEN = "api-token";

  /** The two between are what is left of a try that did not come to its end. */
  public enum State {
    CONNECTING,
    CONNECTED,
    DISCONNECTING,
    DISCONNECTED;

    public String word() {
      return EnumWord.word(this);
    }
  }

  /**
   * The credential it is connected with.
   *
   * @param account the account it belongs to; empty for a token of the repository's own
   */
  public record Used(UUID id, String kind, Optional<String> account) {
    public boolean isOAuth() {
      return kind.equals(OAUTH);
    }
  }

  /** As the forge is asked for it. */
  public ForgeRepository address() {
    return ForgeRepository.identified(fullName, uuid, workspaceUuid);
  }

  /** As events name it. */
  public Repository named(Site site) {
    return new Repository(id, forge, fullName, uuid, site.cloneUrl(fullName));
  }

  public boolean isOrWasCalled(@Nullable String name) {
    return fullName.equalsIgnoreCase(name)
        || formerNames.stream().anyMatch(former -> former.equalsIgnoreCase(name));
  }

  public boolean isConnected() {
    return state == State.CONNECTED;
  }
}
