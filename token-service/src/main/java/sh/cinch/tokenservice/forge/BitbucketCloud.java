package sh.cinch.tokenservice.forge;

import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import sh.cinch.bitbucket.client.BitbucketClient;
import sh.cinch.bitbucket.oauth.OAuthEndpoint;
import sh.cinch.service.secret.Secret;

/** Bitbucket Cloud, with Cinch's OAuth client there. */
public final class BitbucketCloud {

  /** As {@code forge} stands on every repository and credential. */
  public static final String NAME = "bitbucket-cloud";

  /** For one call, whole. A claim to refresh has to outlive it. */
  public static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int CONNECT_MS = 3_000;
  private static final int LONGEST_HEADER = 64 * 1024;

  private final WebClient web;
  private final URI api;
  private final String clientId;
  private final OAuthEndpoint oauth;

  public BitbucketCloud(Vertx vertx, URI site, URI api, String clientId, Secret clientSecret) {
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setConnectTimeout(CONNECT_MS)
                .setMaxHeaderSize(LONGEST_HEADER));
    this.api = api;
    this.clientId = clientId;
    this.oauth = new OAuthEndpoint(web, site, () -> basic(clientId, clientSecret), PATIENCE);
  }

  public String clientId() {
    return clientId;
  }

  public OAuthEndpoint oauth() {
    return oauth;
  }

  /** The API as the owner of this authorization sees it. */
  public BitbucketClient api(Secret authorization) {
    return new BitbucketClient(web, api, authorization::reveal).withTimeout(PATIENCE);
  }

  /** {@code Basic} as the token endpoint takes it from a client, and the API from an API token. */
  public static String basic(String name, Secret secret) {
    byte[] pair = (name + ":" + secret.reveal()).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /** How its refusals are told to people. */
  public static String quoted(String error, String description) {
    return description.isBlank() ? error : error + ": " + description;
  }
}
