package sh.cinch.ingress.web.access;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.connection.RepositoryFilter;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.schema.event.Repository;
import sh.cinch.schema.event.RepositoryRef;
import sh.cinch.service.http.Problem;

/** Whether a caller has a right. What they may not see is answered as what is not there. */
public record Rights(Connections connections, RepositoryAccessCache accessCache) {

  public RepositoryFilter filter(Caller caller) {
    return switch (caller) {
      case Caller.Operator() -> new RepositoryFilter.All();
      case Caller.Runner(var repositories) -> new RepositoryFilter.Named(repositories);
      case Caller.Person(var session) -> accessCache.of(session.credential()).filter();
    };
  }

  /** Has the forge say anew what a person may, for what must not rest on its word of before. */
  public void ask(Caller caller) {
    if (caller instanceof Caller.Person(var session)) {
      accessCache.afresh(session.credential());
    }
  }

  /**
   * What can be said before it is known which repository it is about.
   *
   * @throws Problem 403
   */
  public void check(Caller caller, Right right) {
    boolean may =
        switch (right) {
          case NONE, HOOK_SECRET, SERVICE_SECRET, KNOWN, SEE, REPORT -> true;
          case CLONE -> !(caller instanceof Caller.Person);
          case SESSION -> caller instanceof Caller.Person;
          case ADMINISTER, CONNECT -> !(caller instanceof Caller.Runner);
          case OPERATE -> caller instanceof Caller.Operator;
        };
    if (!may) {
      throw refused(right);
    }
  }

  /**
   * A repository for which the caller has the right.
   *
   * @throws Problem 404 where they may not see it, 403 where they may do no more than that
   */
  public Connection of(Caller caller, Right right, UUID repository) {
    check(caller, right);
    Connection connection =
        connections
            .find(repository)
            .filter(filter(caller)::allows)
            .orElseThrow(() -> untold(caller).orElseGet(Rights::noRepository));
    boolean may =
        switch (right) {
          case SEE, CLONE -> true;
          case REPORT -> caller instanceof Caller.Runner || administers(caller, connection);
          case ADMINISTER -> administers(caller, connection);
          case NONE, HOOK_SECRET, SERVICE_SECRET, SESSION, KNOWN, CONNECT, OPERATE ->
              throw new IllegalArgumentException(right + " is of no single repository");
        };
    if (!may) {
      throw untold(caller, connection).orElseGet(() -> refused(right));
    }
    return connection;
  }

  /** Where the forge did not say all that a person sees, what they do not see may be there. */
  private Optional<Problem> untold(Caller caller) {
    return caller instanceof Caller.Person(var session)
        ? accessCache.of(session.credential()).notNow()
        : Optional.empty();
  }

  /** The same of what they see, but perhaps administer as well. */
  private Optional<Problem> untold(Caller caller, Connection connection) {
    return caller instanceof Caller.Person(var session)
        ? accessCache.of(session.credential()).untold(connection.address())
        : Optional.empty();
  }

  /** What a list of repositories lacks for this caller, for people. */
  public List<String> missing(Caller caller) {
    return caller instanceof Caller.Person(var session)
        ? accessCache.of(session.credential()).missing()
        : List.of();
  }

  /**
   * The same.
   *
   * @param repository its id, or its full name
   */
  public Connection of(Caller caller, Right right, String repository) {
    return of(
        caller,
        right,
        id(repository).orElseThrow(() -> untold(caller).orElseGet(Rights::noRepository)));
  }

  private boolean administers(Caller caller, Connection connection) {
    return switch (caller) {
      case Caller.Operator() -> true;
      case Caller.Runner runner -> false;
      case Caller.Person(var session) ->
          accessCache.of(session.credential()).administers(connection.uuid());
    };
  }

  private Optional<UUID> id(String repository) {
    return repository.contains("/")
        ? connections.resolve(new RepositoryRef(null, Repository.BITBUCKET_CLOUD, repository))
        : Uuids.parse(repository);
  }

  public static Problem noRepository() {
    return new Problem(404, "No such repository", "There is no repository with this id for you.");
  }

  private static Problem refused(Right right) {
    return new Problem(
        403,
        "Not allowed",
        switch (right) {
          case OPERATE -> "Only the operator's token may do this.";
          case CONNECT -> "A runner's token cannot connect repositories.";
          case CLONE -> "Only programs with an API token may do this.";
          case SESSION -> "Only a person who is signed in may do this.";
          case ADMINISTER, REPORT, NONE, HOOK_SECRET, SERVICE_SECRET, KNOWN, SEE ->
              "Only administrators of the repository and the operator may do this.";
        });
  }
}
