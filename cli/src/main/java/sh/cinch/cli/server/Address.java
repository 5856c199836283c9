package sh.cinch.cli.server;

import java.net.URI;

/**
 * Where Cinch is and what opens it.
 *
 * @param apiToken a secret
 */
record Address(URI ingress, String apiToken) {

  @Override
  public String toString() {
    return ingress.toString();
  }
}
