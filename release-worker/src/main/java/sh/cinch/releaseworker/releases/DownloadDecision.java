package sh.cinch.releaseworker.releases;

import java.util.Optional;

/** What came of wanting a file in its place. */
public sealed interface DownloadDecision {

  /**
   * It is to be sent.
   *
   * @param displaced an older release's file that was still wanted there
   */
  record Due(Optional<ReleaseFile> displaced) implements DownloadDecision {}

  /** We sent the same content before, and Bitbucket still lists it. */
  record AlreadyThere(Optional<ReleaseFile> displaced) implements DownloadDecision {}

  /** A newer release has the place. */
  record Overtaken() implements DownloadDecision {}
}
