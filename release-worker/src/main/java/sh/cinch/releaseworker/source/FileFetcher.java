package sh.cinch.releaseworker.source;

import io.netty.util.NetUtil;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.util.List;
import java.util.Set;
import sh.cinch.releaseworker.source.Web.Heard;

/** Files of other servers. Each redirect is held against the rules like the source itself. */
record FileFetcher(SourceResolver lookup, Web web) {

  private static final int MOST_REDIRECTS = 5;
  private static final int MOST_ADDRESSES = 4;
  private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

  /** Request Timeout, Too Early, Too Many Requests. */
  private static final Set<Integer> LATER = Set.of(408, 425, 429);

  private sealed interface Hop {
    record Arrived(Opened opened) implements Hop {}

    record Onward(WebAddress address) implements Hop {}
  }

  Opened open(WebAddress source, long size) {
    WebAddress address = source;
    for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      switch (visit(address, size)) {
        case Hop.Arrived(Opened opened) -> {
          return redirects == 0 ? opened : redirected(source, opened);
        }
        case Hop.Onward(WebAddress next) -> address = next;
      }
    }
    return new Opened.Refused(
        "%s redirects more than %d times".formatted(source.server(), MOST_REDIRECTS));
  }

  private static Opened redirected(WebAddress source, Opened opened) {
    return switch (opened) {
      case Opened.Content content -> content;
      case Opened.Refused(String reason) ->
          new Opened.Refused("%s redirects: %s".formatted(source.server(), reason));
      case Opened.NotNow(String reason) ->
          new Opened.NotNow("%s redirects: %s".formatted(source.server(), reason));
    };
  }

  private Hop visit(WebAddress address, long size) {
    return switch (lookup.find(address)) {
      case SourceResolver.Found.At(List<InetAddress> addresses) ->
          judged(address, get(address, addresses, size), size);
      case SourceResolver.Found.Forbidden(String why) -> new Hop.Arrived(new Opened.Refused(why));
      case SourceResolver.Found.NotNow(String why) -> new Hop.Arrived(new Opened.NotNow(why));
    };
  }

  /** At the first of the addresses where somebody is. */
  private Heard get(WebAddress address, List<InetAddress> addresses, long size) {
    Heard heard = new Heard.Silence("has no address", false);
    for (InetAddress one : addresses.subList(0, Math.min(MOST_ADDRESSES, addresses.size()))) {
      heard = web.get(request(address, one), address.server(), size);
      if (!(heard instanceof Heard.Silence silence) || silence.isConnected()) {
        return heard;
      }
    }
    return heard;
  }

  /** Connects to the address that was checked; the host stands in the Host header and for TLS. */
  private static RequestOptions request(WebAddress address, InetAddress checked) {
    return new RequestOptions()
        .setServer(
            SocketAddress.inetSocketAddress(address.port(), NetUtil.toAddressString(checked)))
        .setHost(address.host().toString())
        .setPort(address.port())
        .setSsl(address.isTls())
        .setURI(address.target());
  }

  private static Hop judged(WebAddress address, Heard heard, long size) {
    String server = address.server();
    return switch (heard) {
      case Heard.Whole whole -> new Hop.Arrived(LengthCheck.of(whole, server, size));
      case Heard.Other other when isRedirect(other) ->
          onward(address, other.location().orElseThrow());
      case Heard.Other other when other.status() >= 500 || LATER.contains(other.status()) ->
          new Hop.Arrived(new Opened.NotNow("%s answered %d".formatted(server, other.status())));
      case Heard.Other other ->
          new Hop.Arrived(
              new Opened.Refused(
                  "%s answered %d, and only 200 brings a file".formatted(server, other.status())));
      case Heard.Silence silence ->
          new Hop.Arrived(new Opened.NotNow(server + " " + silence.why()));
    };
  }

  private static boolean isRedirect(Heard.Other answer) {
    return REDIRECTS.contains(answer.status()) && answer.location().isPresent();
  }

  private static Hop onward(WebAddress from, String location) {
    return switch (from.resolve(location)) {
      case Source.Web(WebAddress next) when from.isTls() && !next.isTls() ->
          new Hop.Arrived(
              new Opened.Refused(
                  "%s redirects from https: to http:, which is not followed"
                      .formatted(from.server())));
      case Source.Web(WebAddress next) -> new Hop.Onward(next);
      case Source.Artifact artifact ->
          new Hop.Arrived(
              new Opened.Refused("%s redirects to an artifact".formatted(from.server())));
      case Source.Unusable(String why) ->
          new Hop.Arrived(
              new Opened.Refused(
                  "%s redirects to an address that cannot be used: %s"
                      .formatted(from.server(), why)));
    };
  }
}
