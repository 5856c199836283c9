package sh.cinch.service.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/**
 * The address of who asks, as far as a share is theirs. Of IPv6 it is the network, the first 64
 * bits: whoever has one address there has all of them.
 *
 * @param text {@code 192.0.2.7}, {@code 2001:db8:0:1:0:0:0:0/64}
 */
public record ClientAddress(String text) {

  /** Where there is none, as of a connection that has gone. */
  static final ClientAddress UNKNOWN = new ClientAddress("unknown");

  private static final int NETWORK_BYTES = 8;

  static ClientAddress of(InetAddress address) {
    return address instanceof Inet6Address
        ? new ClientAddress(network(address.getAddress()) + "/64")
        : new ClientAddress(address.getHostAddress());
  }

  private static String network(byte[] address) {
    Arrays.fill(address, NETWORK_BYTES, address.length, (byte) 0);
    try {
      return InetAddress.getByAddress(address).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e); // sixteen bytes are an address
    }
  }
}
