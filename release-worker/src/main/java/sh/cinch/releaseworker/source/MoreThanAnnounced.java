package sh.cinch.releaseworker.source;

import java.io.IOException;

/** A source that sends more bytes than the request says it has: another try gets no other file. */
public final class MoreThanAnnounced extends IOException {

  private static final long serialVersionUID = 1;

  MoreThanAnnounced(String whom, long size) {
    super("%s sends more than the %d bytes that the request says".formatted(whom, size));
  }
}
