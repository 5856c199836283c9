package sh.cinch.ingress.connecting;

import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.service.token.StoredCredential;

/**
 * What somebody wants connected.
 *
 * @param allowUnsigned whether deliveries without a signature are to be believed
 * @param replace whether another account's credential may be replaced
 */
public record ConnectOrder(
    RepositoryAddress repository,
    StoredCredential credential,
    boolean allowUnsigned,
    boolean replace) {

  ConnectOrder at(RepositoryAddress other) {
    return new ConnectOrder(other, credential, allowUnsigned, replace);
  }
}
