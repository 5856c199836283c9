package sh.cinch.ingress.api;

import java.net.URI;
import sh.cinch.ingress.projection.ReleaseRecorder;
import sh.cinch.ingress.release.ReleaseChecks;

/**
 * What releases are asked for with.
 *
 * @param recorder the projection's, so that what was just asked for is shown at once
 * @param bitbucketUrl where people find a repository's downloads
 */
public record ReleaseParts(ReleaseChecks checks, ReleaseRecorder recorder, URI bitbucketUrl) {}
