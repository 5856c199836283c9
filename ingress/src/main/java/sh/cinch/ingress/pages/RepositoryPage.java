package sh.cinch.ingress.pages;

import java.util.List;

/**
 * One repository.
 *
 * @param administered whether the viewer may disconnect it
 */
public record RepositoryPage(
    Viewer viewer,
    RepositoryItem repository,
    boolean administered,
    String mergeText,
    List<PushItem> pushes,
    List<StatusItem> statuses) {}
