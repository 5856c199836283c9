package sh.cinch.releaseworker.source;

import java.net.InetAddress;
import java.util.function.Function;

/** Whom one reaches at an address. */
sealed interface AddressClass {

  /** Somebody on the internet. */
  record Public() implements AddressClass {}

  /** A neighbour, or this machine: only for hosts that the operator named for that. */
  record Private(String what) implements AddressClass {}

  /** Nobody who has a file for a release. */
  record Closed(String what) implements AddressClass {}

  /** Which is which; a test may draw another map. */
  @FunctionalInterface
  interface Chart extends Function<InetAddress, AddressClass> {}
}
