package sh.cinch.bitbucket.client;

import io.vertx.ext.web.client.WebClient;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.Supplier;
import sh.cinch.bitbucket.http.Exchange;
import sh.cinch.bitbucket.http.Request.Method;
import sh.cinch.bitbucket.http.Transport;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * Bitbucket Cloud's REST API as one account sees it. Each method waits for its answer, so call it
 * on a virtual thread; none throws for what Bitbucket does. Making a client costs nothing: make one
 * for each credential.
 */
public final class BitbucketClient {
  public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);

  private final ApiCalls calls;
  private final Pages pages;

  /**
   * @param api e.g. {@code https://api.bitbucket.org}
   * @param authorization gives the value of the Authorization header, e.g. {@code Bearer ...};
   *     asked once for each request
   */
  public BitbucketClient(WebClient web, URI api, Supplier<String> authorization) {
    this(
        new ApiCalls(
            new Transport(web, DEFAULT_TIMEOUT), new ApiRequests(api, authorization, Map::of)));
  }

  private BitbucketClient(ApiCalls calls) {
    this.calls = calls;
    this.pages = new Pages(calls);
  }

  /**
   * The same client with another time limit.
   *
   * @param timeout for each request, whole; a list takes one request for each page of 100
   */
  public BitbucketClient withTimeout(Duration timeout) {
    return new BitbucketClient(new ApiCalls(calls.transport().within(timeout), calls.requests()));
  }

  /**
   * The same client with more headers.
   *
   * @param headers asked once for each request, e.g. for {@code traceparent}
   */
  public BitbucketClient withHeaders(Supplier<Map<String, String>> headers) {
    return new BitbucketClient(new ApiCalls(calls.transport(), calls.requests().with(headers)));
  }

  /** The same client, which tells of each request once its answer is there. */
  public BitbucketClient observedBy(Consumer<Exchange> observer) {
    return new BitbucketClient(
        new ApiCalls(calls.transport().observedBy(observer), calls.requests()));
  }

  /** Whose credential this is. Needs the scope account, which repository tokens cannot have. */
  public Answer<User> user() {
    return calls.call(Method.GET, ApiPath.of("user"), null, User::from);
  }

  /** The workspaces the account belongs to. */
  public Answer<Listed<Workspace>> workspaces() {
    return pages.all(ApiPath.of("user", "workspaces"), "", Workspace::from, Workspace::address);
  }

  /**
   * A workspace's repositories in which the account has at least this role.
   *
   * @param workspace slug or uuid in braces
   */
  public Answer<Listed<Repository>> repositories(String workspace, RepositoryRole role) {
    return pages.all(
        ApiPath.of("repositories", workspace),
        "&role=" + role.parameter(),
        Repository::from,
        Repository::uuid);
  }

  /**
   * A workspace's repositories that the account may read, what changed last first, as far as to the
   * page where all else is older.
   *
   * @param workspace slug or uuid in braces
   * @param since what changed before is of no interest
   */
  public Answer<Listed<RepositoryChange>> changes(String workspace, Instant since) {
    return pages.until(
        page -> page.stream().anyMatch(each -> !each.updatedOn().isAfter(since)),
        ApiPath.of("repositories", workspace),
        "&role=" + RepositoryRole.MEMBER.parameter() + "&sort=-updated_on",
        RepositoryChange::from,
        RepositoryChange::uuid);
  }

  /** Also where it is called otherwise by now. */
  public Answer<Repository> repository(RepositoryAddress repository) {
    return calls.getMoved(ApiPath.in(repository), Repository::from);
  }

  public Answer<Listed<Hook>> hooks(RepositoryAddress repository) {
    return pages.all(ApiPath.in(repository, "hooks"), "", Hook::from, Hook::uuid);
  }

  /** Not to be repeated blindly: a second call makes a second hook. */
  public Answer<Hook> createHook(RepositoryAddress repository, HookRequest hook) {
    return calls.call(Method.POST, ApiPath.in(repository, "hooks"), hook.json(), Hook::from);
  }

  public Answer<Hook> updateHook(RepositoryAddress repository, HookUuid uuid, HookRequest hook) {
    String path = ApiPath.in(repository, "hooks", uuid.value());
    return calls.call(Method.PUT, path, hook.json(), Hook::from);
  }

  /** Refused with 404 where the hook is gone already. */
  public Answer<Done> deleteHook(RepositoryAddress repository, HookUuid uuid) {
    return calls.delete(ApiPath.in(repository, "hooks", uuid.value()));
  }

  /**
   * Creates the status or overwrites the one with its key, so it may be repeated. Bitbucket keeps
   * no order: a late INPROGRESS overwrites SUCCESSFUL. Only the account that created a status, or
   * an administrator of the repository, may overwrite it.
   */
  public Answer<PostedStatus> postStatus(
      RepositoryAddress repository, String commit, CommitStatus status) {
    String path = ApiPath.in(repository, "commit", commit, "statuses", "build");
    return calls.call(Method.POST, path, status.json(), PostedStatus::from);
  }

  public Answer<Listed<Head>> branches(RepositoryAddress repository) {
    return pages.all(ApiPath.in(repository, "refs", "branches"), "", Head::from, Head::name);
  }

  public Answer<Listed<Head>> tags(RepositoryAddress repository) {
    return pages.all(ApiPath.in(repository, "refs", "tags"), "", Head::from, Head::name);
  }

  /** Refused with 404 where there is no such branch. */
  public Answer<Head> branch(RepositoryAddress repository, String name) {
    return calls.call(
        Method.GET, ApiPath.in(repository, "refs", "branches", name), null, Head::from);
  }

  /**
   * Branches and tags, in half as many requests as one after the other.
   *
   * @param wanted by full name and commit: those whose message and author are of interest
   * @param soFar what was read of them before
   */
  public Answer<Listed<RefHead>> refs(
      RepositoryAddress repository,
      BiPredicate<String, String> wanted,
      ListReading<RefHead> soFar) {
    return pages.until(
        page -> false,
        ApiPath.in(repository, "refs"),
        "",
        RefHead.reading(wanted),
        RefHead::ref,
        soFar);
  }

  /** Refused with 404 where there is no such tag. */
  public Answer<Head> tag(RepositoryAddress repository, String name) {
    return calls.call(Method.GET, ApiPath.in(repository, "refs", "tags", name), null, Head::from);
  }

  /**
   * @param hash whole or abbreviated
   */
  public Answer<Commit> commit(RepositoryAddress repository, String hash) {
    return calls.call(Method.GET, ApiPath.in(repository, "commit", hash), null, Commit::from);
  }

  /** The files in the repository's downloads; what they hold is not told, only how much. */
  public Answer<Listed<Download>> downloads(RepositoryAddress repository) {
    return pages.all(ApiPath.in(repository, "downloads"), "", Download::from, Download::name);
  }

  /** Refused with 404 where there is none of that name. Needs the scope repository:write. */
  public Answer<Done> deleteDownload(RepositoryAddress repository, String name) {
    return calls.delete(ApiPath.in(repository, "downloads", name));
  }
}
