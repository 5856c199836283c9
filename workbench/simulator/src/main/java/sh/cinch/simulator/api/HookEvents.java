package sh.cinch.simulator.api;

import java.util.List;

/** The events a repository's hook may subscribe to; those of the issue tracker went with it. */
final class HookEvents {
  static final List<String> ALL =
      List.of(
          "repo:push",
          "repo:fork",
          "repo:updated",
          "repo:transfer",
          "repo:created",
          "repo:deleted",
          "repo:imported",
          "repo:commit_comment_created",
          "repo:commit_status_created",
          "repo:commit_status_updated",
          "pullrequest:created",
          "pullrequest:updated",
          "pullrequest:approved",
          "pullrequest:unapproved",
          "pullrequest:fulfilled",
          "pullrequest:rejected",
          "pullrequest:push",
          "pullrequest:changes_request_created",
          "pullrequest:changes_request_removed",
          "pullrequest:comment_created",
          "pullrequest:comment_updated",
          "pullrequest:comment_deleted",
          "pullrequest:comment_resolved",
          "pullrequest:comment_reopened",
          "project:updated",
          "pipeline:span_created");

  private static final Required PULL_REQUEST =
      new Required(List.of("pullrequest"), List.of("read:pullrequest:bitbucket"));

  private HookEvents() {}

  /** The scope whose data the event carries. */
  static Required required(String event) {
    return category(event).equals("pullrequest") ? PULL_REQUEST : Required.REPOSITORY;
  }

  static String category(String event) {
    return event.substring(0, event.indexOf(':'));
  }
}
