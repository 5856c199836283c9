package sh.cinch.ingress.web.api;

import java.net.URI;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.readmodel.ReleaseRecorder;

/**
 * What releases are asked for with.
 *
 * @param recorder the projection's, so that what was just asked for is shown at once
 * @param bitbucketUrl where people find a repository's downloads
 */
public record ReleaseParts(ReleaseChecks checks, ReleaseRecorder recorder, URI bitbucketUrl) {}
