package sh.cinch.forge.cloud;

import java.util.Optional;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Head;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Refs;

record CloudRefs(CloudSession session) implements Refs {

  private static final int NOT_FOUND = 404;
  private static final Answer<Optional<Head>> NO_SUCH_TAG = new Ok<>(Optional.empty(), NOT_FOUND);

  @Override
  public ForgeResult<Optional<String>> tag(ForgeRepository repository, String tag) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Pool.REPOSITORIES, Advice.READING, address, client -> tag(client, address, tag))
        .map(head -> head.map(Head::commit));
  }

  /** Whether Bitbucket takes a slash in a path is not documented. */
  private static Answer<Optional<Head>> tag(
      BitbucketClient client, RepositoryAddress address, String tag) {
    Answer<Optional<Head>> named = found(client.tag(address, tag).map(Optional::of));
    return tag.contains("/") && named.equals(NO_SUCH_TAG)
        ? client
            .tags(address)
            .map(all -> all.stream().filter(head -> head.name().equals(tag)).findFirst())
        : named;
  }

  private static Answer<Optional<Head>> found(Answer<Optional<Head>> answer) {
    return answer instanceof Refused<Optional<Head>>(int status, ApiError error)
            && status == NOT_FOUND
        ? NO_SUCH_TAG
        : answer;
  }
}
