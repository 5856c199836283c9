package sh.cinch.releaseworker.source;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;

/** The addresses of a host, in the order in which they are to be tried. May block. */
@FunctionalInterface
interface DnsResolver {

  List<InetAddress> addresses(String host) throws UnknownHostException;

  /** As the machine resolves names. */
  static DnsResolver ofTheMachine() {
    return host -> List.of(InetAddress.getAllByName(host));
  }
}
