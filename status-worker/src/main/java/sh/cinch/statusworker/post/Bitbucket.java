package sh.cinch.statusworker.post;

import io.vertx.core.Vertx;
import io.vertx.core.http.PoolOptions;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.util.Map;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.service.lease.Lease;
import sh.cinch.service.trace.Traceparent;

/** The way to Bitbucket's API, for whoever holds a lease. */
final class Bitbucket {

  /** Shorter than proxies keep an idle connection: a request on a closed one ends unknown. */
  private static final int KEEP_IDLE_SECONDS = 20;

  private final WebClient web;
  private final URI api;

  /**
   * @param atOnce requests that may be under way together
   */
  Bitbucket(Vertx vertx, URI api, int atOnce) {
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setKeepAliveTimeout(KEEP_IDLE_SECONDS),
            new PoolOptions().setHttp1MaxSize(atOnce));
    this.api = api;
  }

  BitbucketClient client(Lease lease, Traceparent trace) {
    return new BitbucketClient(web, api, () -> lease.authorization().reveal())
        .withHeaders(() -> Map.of(Traceparent.HEADER, trace.child().toString()));
  }

  void close() {
    web.close();
  }
}
