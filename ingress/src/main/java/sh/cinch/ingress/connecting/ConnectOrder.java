package sh.cinch.ingress.connecting;

import sh.cinch.forge.ForgeRepository;
import sh.cinch.service.token.StoredCredential;

/**
 * What somebody wants connected.
 *
 * @param allowUnsigned whether deliveries without a signature are to be believed
 * @param replace whether another account's credential may be replaced
 */
public record ConnectOrder(
    ForgeRepository repository,
    StoredCredential credential,
    boolean allowUnsigned,
    boolean replace) {

  ConnectOrder at(ForgeRepository other) {
    return new ConnectOrder(other, credential, allowUnsigned, replace);
  }
}
