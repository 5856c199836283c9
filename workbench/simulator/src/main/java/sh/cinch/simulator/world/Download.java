package sh.cinch.simulator.world;

import java.time.Instant;

/**
 * A file among a repository's downloads.
 *
 * @param account UUID of whoever uploaded it
 * @param downloads how often it was fetched
 * @param replaced how often another content took the place of one under this name
 */
public record Download(
    String name, Content content, String account, Instant createdOn, int downloads, int replaced) {

  public Download fetched() {
    return new Download(name, content, account, createdOn, downloads + 1, replaced);
  }
}
