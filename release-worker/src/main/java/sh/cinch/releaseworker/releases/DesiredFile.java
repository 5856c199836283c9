package sh.cinch.releaseworker.releases;

import java.util.Optional;

/**
 * What a download should hold.
 *
 * @param version grows whenever something else is wanted
 * @param attempts to send this version so far
 * @param waitingFor what it was last said to wait for
 * @param state what lies there
 * @param checksums the content, where it is the checksums
 */
public record DesiredFile(
    long version,
    Release release,
    ReleaseFile file,
    int attempts,
    Optional<String> waitingFor,
    DownloadState state,
    Optional<Checksums> checksums) {}
