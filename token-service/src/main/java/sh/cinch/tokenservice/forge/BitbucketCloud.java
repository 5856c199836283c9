package sh.cinch.tokenservice.forge;

import io.vertx.core.Vertx;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import sh.cinch.bitbucket.oauth.OAuthEndpoint;
import sh.cinch.forge.AuthorizationProbe;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Site;
import sh.cinch.forge.call.Requests;
import sh.cinch.forge.cloud.CloudProbe;
import sh.cinch.service.secret.Secret;

/** Bitbucket Cloud, with Cinch's OAuth client there. */
public final class BitbucketCloud {

  /** As {@code forge} stands on every repository and credential. */
  public static final String NAME = "bitbucket-cloud";

  /** For one call, whole. A claim to refresh has to outlive it. */
  public static final Duration PATIENCE = Forge.TIME_LIMIT;

  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final int CONNECT_MS = 3_000;
  private static final int LONGEST_HEADER = 64 * 1024;

  private final WebClient web;
  private final Site site;
  private final Requests requests;
  private final String clientId;
  private final OAuthEndpoint oauth;

  public BitbucketCloud(
      Vertx vertx, Site site, Requests requests, String clientId, Secret clientSecret) {
    this.web =
        WebClient.create(
            vertx,
            new WebClientOptions()
                .setFollowRedirects(false)
                .setUserAgent("cinch")
                .setConnectTimeout(CONNECT_MS)
                .setMaxHeaderSize(LONGEST_HEADER));
    this.site = site;
    this.requests = requests;
    this.clientId = clientId;
    this.oauth =
        new OAuthEndpoint(web, site.pages(), () -> basic(clientId, clientSecret), PATIENCE);
  }

  public String clientId() {
    return clientId;
  }

  public OAuthEndpoint oauth() {
    return oauth;
  }

  /**
   * @param identity whose requests Bitbucket counts together
   */
  public AuthorizationProbe probe(String identity, Secret authorization) {
    return new CloudProbe(web, site, requests, identity, authorization);
  }

  /** {@code Basic} as the token endpoint takes it from a client, and the API from an API token. */
  public static String basic(String name, Secret secret) {
    byte[] pair = (name + ":" + secret.reveal()).getBytes(StandardCharsets.UTF_8);
    return BASIC + Base64.getEncoder().encodeToString(pair);
  }

  /**
   * The same token as git over HTTPS takes it: always {@code Basic}, with a name for each sort of
   * token. The e-mail address of an API token opens its API alone.
   */
  public static Secret forGit(Secret authorization) {
    String header = authorization.reveal();
    if (header.startsWith(BEARER)) {
      return Secret.of(basic("x-token-auth", Secret.of(header.substring(BEARER.length()))));
    }
    byte[] pair = Base64.getDecoder().decode(header.substring(BASIC.length()));
    String nameAndToken = new String(pair, StandardCharsets.UTF_8);
    // An address may have a colon where it is quoted, a token has none.
    String token = nameAndToken.substring(nameAndToken.lastIndexOf(':') + 1);
    return Secret.of(basic("x-bitbucket-api-token-auth", Secret.of(token)));
  }

  /** How its refusals are told to people. */
  public static String quoted(String error, String description) {
    return description.isBlank() ? error : error + ": " + description;
  }
}
