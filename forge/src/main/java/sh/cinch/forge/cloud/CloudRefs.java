package sh.cinch.forge.cloud;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BiPredicate;
import java.util.function.Function;
import sh.cinch.bitbucket.client.Answer;
import sh.cinch.bitbucket.client.Answer.Ok;
import sh.cinch.bitbucket.client.Answer.Refused;
import sh.cinch.bitbucket.client.ApiError;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.Head;
import sh.cinch.bitbucket.client.ListReading;
import sh.cinch.bitbucket.client.Listed;
import sh.cinch.bitbucket.client.RefHead;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeResult;
import sh.cinch.forge.Pool;
import sh.cinch.forge.Refs;
import sh.cinch.service.due.BackOff;

record CloudRefs(CloudSession session) implements Refs {

  private static final int OK = 200;
  private static final int NOT_FOUND = 404;
  private static final Answer<Optional<Head>> NO_SUCH_TAG = new Ok<>(Optional.empty(), NOT_FOUND);
  private static final String REFS = "refs";

  private record CloudReading(ListReading<RefHead> list) implements Reading {
    @Override
    public int size() {
      return list.size();
    }
  }

  @Override
  public Reading begin() {
    return new CloudReading(new ListReading<>());
  }

  @Override
  public ForgeResult<Heads> heads(
      ForgeRepository repository, BiPredicate<String, String> wanted, Reading soFar) {
    RepositoryAddress address = CloudSession.address(repository);
    ListReading<RefHead> list = ((CloudReading) soFar).list();
    return session
        .ask(
            Pool.REPOSITORIES,
            Advice.READING,
            address,
            client -> client.refs(address, wanted, list))
        .map(all -> session.odd().told(REFS, all))
        .then(all -> all.items().isEmpty() ? emptied(address, all) : done(all, !list.isResumed()));
  }

  /** In an outage a list may come back empty. */
  private ForgeResult<Heads> emptied(RepositoryAddress address, Listed<RefHead> none) {
    return session
        .ask(Advice.READING, client -> client.repository(address))
        .then(
            itself ->
                itself.mainBranch().isEmpty()
                    ? done(none, true)
                    : new ForgeResult.Later<>(
                        Cause.FORGE,
                        OptionalInt.of(OK),
                        "Bitbucket lists no branch of a repository that has one",
                        BackOff.after(1)));
  }

  private static ForgeResult<Heads> done(Listed<RefHead> all, boolean atOnce) {
    return new ForgeResult.Done<>(
        new Heads(
            all.items().stream()
                .map(head -> new Ref(head.ref(), head.commit(), head.message(), head.author()))
                .toList(),
            atOnce && all.leftOut() == 0),
        OK);
  }

  @Override
  public ForgeResult<Optional<String>> tag(ForgeRepository repository, String tag) {
    RepositoryAddress address = CloudSession.address(repository);
    ForgeResult<Optional<Head>> named =
        session.ask(
            Pool.REPOSITORIES,
            Advice.READING,
            address,
            client -> found(client.tag(address, tag).map(Optional::of)));
    // Whether Bitbucket takes a slash in a path is not documented.
    return (tag.contains("/") && isUnknown(named)
            ? listed(address, "tags", tag, client -> client.tags(address))
            : named)
        .map(head -> head.map(Head::commit));
  }

  @Override
  public ForgeResult<Optional<Branch>> defaultBranch(ForgeRepository repository) {
    RepositoryAddress address = CloudSession.address(repository);
    return session
        .ask(Advice.READING, client -> client.repository(address))
        .then(
            found ->
                found
                    .mainBranch()
                    .map(name -> branch(address, name))
                    .orElseGet(() -> new ForgeResult.Done<>(Optional.empty(), OK)));
  }

  private ForgeResult<Optional<Branch>> branch(RepositoryAddress address, String name) {
    ForgeResult<Optional<Head>> named =
        session.ask(
            Pool.REPOSITORIES,
            Advice.READING,
            address,
            client -> found(client.branch(address, name).map(Optional::of)));
    return (name.contains("/") && isUnknown(named)
            ? listed(address, "branches", name, client -> client.branches(address))
            : named)
        .map(head -> head.map(there -> new Branch(name, there.commit())));
  }

  private static boolean isUnknown(ForgeResult<Optional<Head>> named) {
    return named instanceof ForgeResult.Done<Optional<Head>>(var head, var status)
        && head.isEmpty();
  }

  private ForgeResult<Optional<Head>> listed(
      RepositoryAddress address,
      String what,
      String name,
      Function<BitbucketClient, Answer<Listed<Head>>> list) {
    ForgeResult<Listed<Head>> all = session.ask(Pool.REPOSITORIES, Advice.READING, address, list);
    return session.odd().find(what, all, head -> head.name().equals(name));
  }

  private static Answer<Optional<Head>> found(Answer<Optional<Head>> answer) {
    return answer instanceof Refused<Optional<Head>>(int status, ApiError error)
            && status == NOT_FOUND
        ? NO_SUCH_TAG
        : answer;
  }
}
