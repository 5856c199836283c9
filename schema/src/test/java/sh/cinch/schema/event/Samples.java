package sh.cinch.schema.event;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import sh.cinch.schema.topic.Topic;

/** One event of each topic with every field, and one with as little as may be. */
final class Samples {

  private static final UUID ID = UUID.fromString("7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001");
  private static final Instant NOON = Instant.parse("2026-11-23T12:00:00.123Z");
  private static final String OLD = "a1".repeat(20);
  private static final String NEW = "b2".repeat(20);
  private static final Repository REPOSITORY =
      new Repository(
          ID,
          Repository.BITBUCKET_CLOUD,
          "acme/app",
          "{3deb0a53-19c8-4a3c-9f6c-0d1a9f5d1c11}",
          "https://bitbucket.org/acme/app.git");

  static final Map<Topic<?>, List<Object>> OF =
      Map.of(
          Topic.PUSH,
          List.of(
              new PushEvent(
                  REPOSITORY,
                  "refs/heads/main",
                  PushEvent.Type.BRANCH,
                  PushEvent.Change.UPDATED,
                  OLD,
                  NEW,
                  false,
                  NEW,
                  "Fix\n",
                  "Jo <jo@example.com>",
                  false,
                  false,
                  new PushEvent.Actor("{6b47}", "Jo"),
                  ID,
                  ID,
                  1,
                  NOON),
              new PushEvent(
                  REPOSITORY,
                  "refs/tags/v1",
                  PushEvent.Type.TAG,
                  PushEvent.Change.DELETED,
                  OLD,
                  null,
                  null,
                  null,
                  null,
                  null,
                  false,
                  true,
                  null,
                  null,
                  null,
                  null,
                  NOON)),
          Topic.BUILD_STATE,
          List.of(
              new BuildState(
                  new RepositoryRef(ID, Repository.BITBUCKET_CLOUD, "acme/app"),
                  NEW,
                  "refs/heads/main",
                  "unit",
                  "Unit tests",
                  "412",
                  BuildState.State.RUNNING,
                  "Running",
                  "https://ci.example.com/jobs/412",
                  2L,
                  NOON),
              new BuildState(
                  RepositoryRef.byId(ID),
                  NEW,
                  null,
                  BuildState.DEFAULT_KEY,
                  BuildState.DEFAULT_NAME,
                  null,
                  BuildState.State.SUCCESS,
                  null,
                  null,
                  null,
                  NOON)),
          Topic.RELEASE_REQUEST,
          List.of(
              new ReleaseRequest(
                  new RepositoryRef(ID, Repository.BITBUCKET_CLOUD, "acme/app"),
                  "v1.4.0",
                  NEW,
                  new ReleaseRequest.Options("{name}", true),
                  List.of(
                      new ReleaseRequest.File(
                          "cinch", "artifact:9", 1L, "0f".repeat(32), "text/plain")))),
          Topic.OUTCOME,
          List.of(
              new Outcome(
                  Outcome.Kind.STATUS,
                  REPOSITORY,
                  NEW,
                  "unit",
                  "v1",
                  "cinch",
                  Outcome.Result.DELIVERED,
                  201,
                  1,
                  "why",
                  12L,
                  List.of("name was cut"),
                  "id",
                  NOON),
              new Outcome(
                  Outcome.Kind.RELEASE,
                  REPOSITORY,
                  null,
                  null,
                  null,
                  null,
                  Outcome.Result.WAITING,
                  null,
                  0,
                  null,
                  null,
                  List.of(),
                  null,
                  NOON)),
          Topic.CONNECTION,
          List.of(
              new ConnectionEvent(
                  REPOSITORY,
                  ConnectionEvent.State.CONNECTED,
                  ID,
                  new ConnectionEvent.Hook(ID, "{9b1c}", true, ConnectionEvent.Health.HEALTHY),
                  NOON),
              new ConnectionEvent(
                  REPOSITORY, ConnectionEvent.State.DISCONNECTED, null, null, NOON)),
          Topic.CREDENTIAL,
          List.of(
              new CredentialEvent(
                  ID, "oauth", CredentialEvent.State.UNCLEAR, "refused twice", NOON, NOON),
              new CredentialEvent(
                  ID, "access-token", CredentialEvent.State.HEALTHY, null, null, NOON)));

  private Samples() {}
}
