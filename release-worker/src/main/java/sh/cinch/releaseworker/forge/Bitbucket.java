package sh.cinch.releaseworker.forge;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.util.Map;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.client.RepositoryAddress;
import sh.cinch.bitbucket.client.Uploads;
import sh.cinch.schema.event.Repository;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.trace.Traceparent;

/** The way to Bitbucket's API, for whoever holds a lease. */
public final class Bitbucket implements AutoCloseable {

  /** Shorter than proxies keep an idle connection: a request on a closed one ends unknown. */
  private static final int KEEP_IDLE_SECONDS = 20;

  private final WebClient web;
  private final HttpClient uploading;
  private final URI api;

  /**
   * @param atOnce uploads that may be under way together
   */
  public Bitbucket(Vertx vertx, URI api, int atOnce) {
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setKeepAliveTimeout(KEEP_IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(2 * atOnce));
    this.uploading =
        vertx.createHttpClient(
            new HttpClientOptions().setKeepAliveTimeout(KEEP_IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(atOnce));
    this.api = api;
  }

  public BitbucketClient client(Lease lease, Traceparent trace) {
    return new BitbucketClient(web, api, () -> lease.authorization().reveal())
        .withHeaders(() -> headers(trace));
  }

  public Uploads uploads(Lease lease, Traceparent trace) {
    return new Uploads(uploading, api, () -> lease.authorization().reveal())
        .withHeaders(() -> headers(trace));
  }

  private static Map<String, String> headers(Traceparent trace) {
    return Map.of(Traceparent.HEADER, trace.child().toString());
  }

  /** By its uuid: its name may come to mean another repository. */
  public static RepositoryAddress address(Repository repository) {
    return RepositoryAddress.parse(repository.fullName())
        .map(named -> new RepositoryAddress(named.workspace(), repository.uuid()))
        .orElseThrow(() -> new IllegalStateException("not a full name: " + repository.fullName()));
  }

  @Override
  public void close() {
    web.close();
    uploading.close().await();
  }
}
