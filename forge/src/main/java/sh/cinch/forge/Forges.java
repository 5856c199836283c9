package sh.cinch.forge;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import sh.cinch.schema.event.ConnectionEvent;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.trace.Traceparent;

/** The forges that a service serves, by the names that events have for them. */
public final class Forges implements AutoCloseable {

  private final Map<String, Forge> byName;

  private Forges(Map<String, Forge> byName) {
    this.byName = byName;
  }

  /** Closed with these. */
  public static Forges of(Forge one, List<Forge> others) {
    return new Forges(
        Stream.concat(Stream.of(one), others.stream())
            .collect(Collectors.toMap(forge -> forge.site().forge(), Function.identity())));
  }

  /** The forge of a connected repository, once a lease of a credential is at hand. */
  public ForgeResult<Forge> ready(Repository repository, UUID credential) {
    return of(repository).ready(credential);
  }

  /** Whether that takes no time: a lease is at hand. */
  public boolean isReady(Repository repository, UUID credential) {
    return of(repository).isReady(credential);
  }

  /**
   * The same with a credential that the repository was connected with before: whether it is still
   * lent is asked each time.
   */
  public ForgeResult<Forge> readyWithFormer(Repository repository, UUID credential) {
    return of(repository).readyAnew(credential);
  }

  /** A session in the name of a connected repository's credential; it asks nothing yet. */
  public ForgeResult<ForgeSession> open(
      ConnectionEvent connection, Purpose purpose, Traceparent trace, int failures) {
    return open(connection, purpose, trace, failures, () -> true);
  }

  /**
   * A session in the name of a connected repository's credential; it asks nothing yet.
   *
   * @param mayBegin asked right before each request; where it says no, none is made
   */
  public ForgeResult<ForgeSession> open(
      ConnectionEvent connection,
      Purpose purpose,
      Traceparent trace,
      int failures,
      BooleanSupplier mayBegin) {
    return credential(connection)
        .map(
            id ->
                open(
                    connection.repository(),
                    new ForgeCaller(id, purpose, trace, failures),
                    mayBegin));
  }

  /** The same in the name of whichever credential. */
  public ForgeSession open(Repository repository, ForgeCaller caller, BooleanSupplier mayBegin) {
    return of(repository).open(caller, mayBegin);
  }

  /** Whether a repository's forge would be asked now, as far as that is known here. */
  public Allowance allowance(Repository repository, UUID credential, Purpose purpose) {
    Forge forge = byName.get(repository.forge());
    return forge == null ? Allowance.any() : forge.allowance(credential, purpose);
  }

  /** What a repository is connected with. */
  public static ForgeResult<UUID> credential(ConnectionEvent connection) {
    UUID credential = connection.credentialId();
    return connection.state() == ConnectionEvent.State.DISCONNECTED || credential == null
        ? new ForgeResult.Refused<>(
            Cause.DISCONNECTED,
            OptionalInt.empty(),
            "the repository is not connected with Cinch any more")
        : new ForgeResult.Done<>(credential, OptionalInt.empty());
  }

  /** Where a repository's forge is reached; empty where no such forge is served. */
  public Optional<Site> site(Repository repository) {
    return Optional.ofNullable(byName.get(repository.forge())).map(Forge::site);
  }

  /**
   * @throws IllegalStateException where no such forge is served
   */
  private Forge of(Repository repository) {
    Forge forge = byName.get(repository.forge());
    if (forge == null) {
      throw new IllegalStateException("no forge called " + repository.forge());
    }
    return forge;
  }

  @Override
  public void close() {
    byName.values().forEach(Forge::close);
  }
}
