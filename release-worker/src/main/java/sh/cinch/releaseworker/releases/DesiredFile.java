package sh.cinch.releaseworker.releases;

import java.util.Optional;

/**
 * What a place should hold.
 *
 * @param version grows whenever something else is wanted
 * @param attempts to send this version so far
 * @param waitingFor what it was last said to wait for
 * @param before what stood there when we began to send; empty for nothing
 * @param begun an upload whose end is not known
 * @param doomed why it has failed, once nothing of it can lie there any more
 */
public record DesiredFile(
    long version,
    Release release,
    ReleaseFile file,
    int attempts,
    Optional<String> waitingFor,
    Optional<ListedDownload> before,
    Optional<Begun> begun,
    Optional<String> doomed) {

  /**
   * Content that was on its way.
   *
   * @param size in bytes: a torn upload leaves fewer, since the last are held back until all is
   *     known to be right
   */
  public record Begun(String sha256, long size) {}
}
