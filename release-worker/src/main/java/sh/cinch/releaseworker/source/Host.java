package sh.cinch.releaseworker.source;

import io.netty.util.NetUtil;
import java.net.IDN;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A host in the one form in which it is compared, looked up and connected to, so that no two
 * readers of an address can mean different hosts.
 *
 * @param text lower-case ASCII; an address as {@code 192.0.2.1}, or as {@code 2001:db8::1} without
 *     its brackets
 */
record Host(String text, Optional<InetAddress> literal) {

  private static final int LONGEST = 253;
  private static final String BYTE = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
  private static final Pattern FOUR_BYTES = Pattern.compile(BYTE + "(\\." + BYTE + "){3}");

  /** What resolvers may take for a part of an IPv4 address, as the WHATWG's URL standard has it. */
  private static final Pattern ENDS_IN_A_NUMBER = Pattern.compile("(.*\\.)?([0-9]+|0x[0-9a-f]*)");

  /**
   * @throws IllegalArgumentException why it is none; for whoever wrote it
   */
  static Host of(String written) {
    if (written.startsWith("[") && written.endsWith("]")) {
      return ofAddress(written.substring(1, written.length() - 1));
    }
    String name = ascii(written);
    if (name.endsWith(".")) {
      throw new IllegalArgumentException("the host ends in a dot: leave it out");
    }
    if (FOUR_BYTES.matcher(name).matches()) {
      return new Host(name, Optional.of(address(name)));
    }
    if (ENDS_IN_A_NUMBER.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "the host is an IP address in an odd form: four decimal numbers are expected");
    }
    return new Host(name, Optional.empty());
  }

  private static String ascii(String written) {
    try {
      String name = IDN.toASCII(written, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT);
      if (!name.isEmpty() && name.length() <= LONGEST) {
        return name;
      }
    } catch (IllegalArgumentException e) {
      // Said below, in our words.
    }
    throw new IllegalArgumentException("the host is not a name that the internet has");
  }

  private static Host ofAddress(String written) {
    if (!NetUtil.isValidIpV6Address(written) || written.contains("%")) {
      throw new IllegalArgumentException("the host is not an IPv6 address");
    }
    InetAddress address = address(written);
    if (address.getAddress().length == 4) {
      throw new IllegalArgumentException(
          "the host is an IPv4 address in an odd form: four decimal numbers are expected");
    }
    return new Host(NetUtil.toAddressString(address), Optional.of(address));
  }

  private static InetAddress address(String valid) {
    try {
      return InetAddress.getByAddress(NetUtil.createByteArrayFromIpAddressString(valid));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of odd length", e);
    }
  }

  /** As it stands in an address: IPv6 in brackets. */
  @Override
  public String toString() {
    return text.contains(":") ? "[" + text + "]" : text;
  }
}
