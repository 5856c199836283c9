package sh.cinch.releaseworker.source;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Names whose addresses a test says: each answer once, the last one from then on. */
final class ScriptedDnsResolver implements DnsResolver {

  private final Map<String, Deque<List<InetAddress>>> answers = new ConcurrentHashMap<>();
  private final Map<String, Integer> asked = new ConcurrentHashMap<>();

  void are(String host, String... addresses) {
    answers
        .computeIfAbsent(host, unknown -> new ArrayDeque<>())
        .add(Arrays.stream(addresses).map(ScriptedDnsResolver::address).toList());
  }

  void forget(String host) {
    answers.remove(host);
  }

  int asked(String host) {
    return asked.getOrDefault(host, 0);
  }

  @Override
  public synchronized List<InetAddress> addresses(String host) throws UnknownHostException {
    asked.merge(host, 1, Integer::sum);
    Deque<List<InetAddress>> left = answers.get(host);
    if (left == null) {
      throw new UnknownHostException(host);
    }
    return left.size() > 1 ? left.remove() : left.element();
  }

  /** An IPv4 address within IPv6 stays one here, where {@link InetAddress} would unpack it. */
  static InetAddress address(String literal) {
    try {
      if (literal.startsWith("::ffff:")) {
        byte[] bytes = new byte[16];
        bytes[10] = (byte) 0xff;
        bytes[11] = (byte) 0xff;
        byte[] old = InetAddress.getByName(literal.substring("::ffff:".length())).getAddress();
        System.arraycopy(old, 0, bytes, 12, 4);
        return Inet6Address.getByAddress(null, bytes, -1);
      }
      return InetAddress.getByName(literal);
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException(literal, e);
    }
  }
}
