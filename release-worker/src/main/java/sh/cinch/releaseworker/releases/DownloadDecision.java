package sh.cinch.releaseworker.releases;

import java.util.List;

/** The decision about a file that is wanted under a name. */
public sealed interface DownloadDecision {

  /**
   * It is to be sent.
   *
   * @param displaced files of older releases that were still wanted there
   */
  record Due(List<ReleaseFile> displaced) implements DownloadDecision {}

  /** We sent the same content before, and Bitbucket still lists it. */
  record AlreadyThere(List<ReleaseFile> displaced) implements DownloadDecision {}

  /** A newer release has the name. */
  record Overtaken() implements DownloadDecision {}
}
