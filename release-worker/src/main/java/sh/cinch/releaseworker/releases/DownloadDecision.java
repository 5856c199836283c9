package sh.cinch.releaseworker.releases;

import java.util.Optional;

/** The decision about a file that is wanted under a name. */
public sealed interface DownloadDecision {

  /**
   * It is to be sent.
   *
   * @param displaced an older release's file that was still wanted there
   */
  record Due(Optional<ReleaseFile> displaced) implements DownloadDecision {}

  /** We sent the same content before, and Bitbucket still lists it. */
  record AlreadyThere(Optional<ReleaseFile> displaced) implements DownloadDecision {}

  /** A newer release has the name. */
  record Overtaken() implements DownloadDecision {}
}
