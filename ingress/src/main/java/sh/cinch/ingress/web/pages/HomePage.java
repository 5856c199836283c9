package sh.cinch.ingress.web.pages;

import java.util.List;

/**
 * What somebody signed in sees first.
 *
 * @param missing what could not be read of what they see on Bitbucket, and why
 * @param others how many repositories there are beside those
 */
public record HomePage(
    Viewer viewer,
    List<CredentialNotice> notices,
    List<String> missing,
    List<RepositoryItem> repositories,
    int others,
    List<PushItem> pushes,
    List<StatusItem> statuses,
    List<ReleaseItem> releases) {}
