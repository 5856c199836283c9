package sh.cinch.ingress.web.pages;

import java.util.List;

/** What somebody signed in sees first. */
public record HomePage(
    Viewer viewer,
    List<CredentialNotice> notices,
    List<RepositoryItem> repositories,
    List<PushItem> pushes,
    List<StatusItem> statuses,
    List<ReleaseItem> releases) {}
