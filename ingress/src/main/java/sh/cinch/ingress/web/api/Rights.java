package sh.cinch.ingress.web.api;

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

/** What a caller may. What they may not see is answered as what is not there. */
record Rights(Connections connections, RepositoryAccessCache accessCache) {

  RepositoryFilter filter(Caller caller) {
    return switch (caller) {
      case Caller.Operator() -> new RepositoryFilter.All();
      case Caller.Runner(var repositories) -> new RepositoryFilter.Named(repositories);
      case Caller.Person(var session) -> accessCache.of(session.credential()).filter();
    };
  }

  Connection visible(Caller caller, UUID repository) {
    return connections
        .find(repository)
        .filter(filter(caller)::allows)
        .orElseThrow(Rights::noRepository);
  }

  /** For what changes a repository's connection. */
  Connection administered(Caller caller, UUID repository) {
    Connection connection = visible(caller, repository);
    boolean may =
        switch (caller) {
          case Caller.Operator() -> true;
          case Caller.Runner runner -> false;
          case Caller.Person(var session) ->
              accessCache.of(session.credential()).administers(connection);
        };
    if (!may) {
      throw new Problem(
          403,
          "Not allowed",
          "Only administrators of the repository and the operator may do this.");
    }
    return connection;
  }

  /** For reports of builds. */
  Connection reported(Caller caller, UUID repository) {
    return switch (caller) {
      case Caller.Operator operator -> visible(caller, repository);
      case Caller.Runner runner -> visible(caller, repository);
      case Caller.Person person -> administered(caller, repository);
    };
  }

  /**
   * The same.
   *
   * @param repository its id, or its full name
   */
  Connection reported(Caller caller, String repository) {
    return reported(caller, id(repository).orElseThrow(Rights::noRepository));
  }

  private Optional<UUID> id(String repository) {
    return repository.contains("/")
        ? connections.resolve(new RepositoryRef(null, Repository.BITBUCKET_CLOUD, repository))
        : Uuids.parse(repository);
  }

  /** For what reaches across repositories. */
  void operator(Caller caller) {
    switch (caller) {
      case Caller.Operator() -> {}
      case Caller.Runner runner -> throw operatorsOnly();
      case Caller.Person person -> throw operatorsOnly();
    }
  }

  /** For connecting: a token that the forge takes is enough; a runner may not. */
  void connecting(Caller caller) {
    switch (caller) {
      case Caller.Operator() -> {}
      case Caller.Person person -> {}
      case Caller.Runner runner ->
          throw new Problem(403, "Not allowed", "A runner's token cannot connect repositories.");
    }
  }

  static Problem noRepository() {
    return new Problem(404, "No such repository", "There is no repository with this id for you.");
  }

  private static Problem operatorsOnly() {
    return new Problem(403, "Not allowed", "Only the operator's token may do this.");
  }
}
