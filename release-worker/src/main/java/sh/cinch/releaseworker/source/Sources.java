package sh.cinch.releaseworker.source;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.service.secret.Secret;

/**
 * Opens the sources of a release's files: {@code artifact:<id>}, which were uploaded to Cinch, and
 * {@code https:} and {@code http:} at hosts that the rules name. Whatever a request says, nothing
 * else is connected to. Used from virtual threads; several may ask at once.
 */
public final class Sources implements AutoCloseable {

  private final SourceResolver lookup;
  private final Web web;
  private final FileFetcher downloads;
  private final Artifacts artifacts;

  /**
   * @param ingress where the ingress is reached from here
   * @param serviceSecret shown to the ingress and to nobody else
   */
  public Sources(Vertx vertx, SourceRules rules, URI ingress, Secret serviceSecret) {
    this(
        new SourceResolver(
            vertx, rules, DnsResolver.ofTheMachine(), AddressRanges::reach, Limits.USUAL.name()),
        new Web(vertx, new HttpClientOptions(), Limits.USUAL),
        ingress,
        serviceSecret);
  }

  Sources(SourceResolver lookup, Web web, URI ingress, Secret serviceSecret) {
    this.lookup = lookup;
    this.web = web;
    this.downloads = new FileFetcher(lookup, web);
    this.artifacts = new Artifacts(web, ingress, serviceSecret);
  }

  /**
   * Why this source can never be used, for all that can be said without asking anybody; for
   * refusing a whole release before anything of it is sent.
   */
  public Optional<String> objection(String source) {
    return switch (Source.read(source)) {
      case Source.Artifact artifact -> Optional.empty();
      case Source.Web(WebAddress address) -> lookup.objection(address);
      case Source.Unusable(String why) -> Optional.of(why);
    };
  }

  /**
   * Waits until the source begins to answer, or for a minute or so.
   *
   * @param repository artifacts are bound to theirs
   * @param size how many bytes the request announces
   */
  public Opened open(UUID repository, String source, long size) {
    return switch (Source.read(source)) {
      case Source.Artifact(UUID id) -> artifacts.open(repository, id, size);
      case Source.Web(WebAddress address) -> downloads.open(address, size);
      case Source.Unusable(String why) -> new Opened.Refused(why);
    };
  }

  /** Breaks off whatever is still open. */
  @Override
  public void close() {
    web.close();
  }
}
