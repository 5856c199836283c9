package sh.cinch.simulator.world;

/**
 * A path that a repository has left and is still found by.
 *
 * @param workspaceUuid in braces
 * @param repositoryUuid in braces
 */
record FormerPath(String workspaceUuid, String workspace, String slug, String repositoryUuid) {

  /**
   * Whether a call means this path.
   *
   * @param workspaceName slug or UUID in braces
   * @param name slug or UUID in braces
   */
  boolean isAt(String workspaceName, String name) {
    return (workspaceName.equalsIgnoreCase(workspace)
            || workspaceName.equalsIgnoreCase(workspaceUuid))
        && (name.equalsIgnoreCase(slug) || name.equalsIgnoreCase(repositoryUuid));
  }
}
