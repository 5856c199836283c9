package sh.cinch.testkit;

import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.ConnectionEvent.State;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.topic.Topic;

/** A repository on Bitbucket that Cinch serves, as its workers hear of it. */
public final class ConnectedRepository {

  private final TopicWriter topics;
  private final FakeTokenService tokenService;
  private Repository repository;
  private String workspaceUuid;
  private FakeTokenService.Credential credential;

  /**
   * @param scopes of its access token
   */
  public ConnectedRepository(
      SimulatedBitbucket bitbucket,
      FakeTokenService tokenService,
      TopicWriter topics,
      String... scopes) {
    this(bitbucket, tokenService, topics, "acme", scopes);
  }

  /** The same in another workspace. */
  public ConnectedRepository(
      SimulatedBitbucket bitbucket,
      FakeTokenService tokenService,
      TopicWriter topics,
      String workspace,
      String[] scopes) {
    this.tokenService = tokenService;
    this.topics = topics;
    String fullName = workspace + "/app-" + UUID.randomUUID();
    JsonObject onBitbucket = bitbucket.repository(fullName);
    this.workspaceUuid = onBitbucket.getJsonObject("workspace").getString("uuid");
    this.repository =
        new Repository(
            UUID.randomUUID(),
            Repository.BITBUCKET_CLOUD,
            fullName,
            onBitbucket.getString("uuid"),
            "https://bitbucket.org/" + fullName + ".git");
    this.credential = tokenService.credential(UUID.randomUUID(), bitbucket.token(fullName, scopes));
    connectWith(credential);
  }

  /** Connected again, with a token that was not known before; the one before is not taken away. */
  public FakeTokenService.Credential connectAnew(String token) {
    FakeTokenService.Credential next = tokenService.credential(UUID.randomUUID(), token);
    connectWith(next);
    return next;
  }

  public void connectWith(FakeTokenService.Credential next) {
    credential = next;
    tell(State.CONNECTED, List.of(), next.id());
  }

  public Repository repository() {
    return repository;
  }

  /** What it is connected with now. */
  public FakeTokenService.Credential credential() {
    return credential;
  }

  /** As a worker addresses it: by uuids, encoded. */
  public String path() {
    return "/2.0/repositories/%s/%s".formatted(encoded(workspaceUuid), encoded(repository.uuid()));
  }

  private static String encoded(String uuid) {
    return uuid.replace("{", "%7B").replace("}", "%7D");
  }

  public void disconnect() {
    tell(State.DISCONNECTED, List.of(), null);
  }

  /** Cinch has learnt from Bitbucket what it is called by now, and where it is. */
  public void learnt(JsonObject onBitbucket) {
    String former = repository.fullName();
    workspaceUuid = onBitbucket.getJsonObject("workspace").getString("uuid");
    repository =
        new Repository(
            repository.id(),
            repository.forge(),
            onBitbucket.getString("full_name"),
            repository.uuid(),
            repository.cloneUrl());
    tell(State.CONNECTED, List.of(former), credential.id());
  }

  private void tell(State state, List<String> formerNames, @Nullable UUID with) {
    topics.write(
        Topic.CONNECTION,
        repository.id().toString(),
        new ConnectionEvent(
            repository, workspaceUuid, formerNames, state, with, null, Instant.now()));
  }
}
