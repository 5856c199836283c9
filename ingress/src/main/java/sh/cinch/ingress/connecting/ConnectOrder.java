package sh.cinch.ingress.connecting;

import java.util.UUID;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.service.token.StoredCredential;

/**
 * What somebody wants connected.
 *
 * @param allowUnsigned whether deliveries without a signature are to be believed
 * @param replace whether another account's credential may be replaced, and one that can do more
 * @param forget whether nothing is to be kept of those that the repository was connected with
 *     before
 * @param by who wants it
 */
public record ConnectOrder(
    ForgeRepository repository,
    StoredCredential credential,
    boolean allowUnsigned,
    boolean replace,
    boolean forget,
    By by) {

  /** Who connects: they or their token must be shown to administer the repository. */
  public sealed interface By {

    /** The operator of this Cinch, who answers for the token that they send. */
    record Operator() implements By {}

    /**
     * A person.
     *
     * @param account its uuid on the forge
     * @param grant the person's own, whatever token they connect with
     */
    record Person(String account, UUID grant) implements By {}
  }

  ConnectOrder at(ForgeRepository other) {
    return new ConnectOrder(other, credential, allowUnsigned, replace, forget, by);
  }
}
