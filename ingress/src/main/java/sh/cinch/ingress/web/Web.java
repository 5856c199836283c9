package sh.cinch.ingress.web;

import io.vertx.ext.web.Router;
import java.net.URI;
import java.util.Optional;
import org.apache.kafka.clients.producer.Producer;
import sh.cinch.forge.Site;
import sh.cinch.ingress.artifacts.Artifacts;
import sh.cinch.ingress.artifacts.release.ReleaseChecks;
import sh.cinch.ingress.connecting.Connecting;
import sh.cinch.ingress.git.GitAddress;
import sh.cinch.ingress.git.GitSettings;
import sh.cinch.ingress.pushes.Pushes;
import sh.cinch.ingress.readmodel.ReadModel;
import sh.cinch.ingress.web.api.ApiRoutes;
import sh.cinch.ingress.web.pages.PageRoutes;
import sh.cinch.ingress.webhooks.OwnDeliveries;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.secret.Secret;

/** Everything that browsers and programs are answered with. */
public record Web(
    SecurityHeaders headers, Artifacts artifacts, ApiRoutes api, GitAddress git, PageRoutes pages) {

  /**
   * What the web is told at start.
   *
   * @param baseUrl where browsers reach it
   * @param clientId of the OAuth client that the operator registered on the site
   * @param operatorToken one that works from the start
   */
  public record Settings(
      URI baseUrl, String clientId, Optional<Secret> operatorToken, GitSettings git) {
    public Settings(URI baseUrl, String clientId, Optional<Secret> operatorToken) {
      this(baseUrl, clientId, operatorToken, GitSettings.USUAL);
    }
  }

  /**
   * @param bounds on what bodies and live pages hold
   * @param site where people consent, and find a repository's downloads
   */
  public static Web of(
      ServiceContext context,
      HttpBounds bounds,
      Settings settings,
      Site site,
      Connecting connecting,
      OwnDeliveries deliveries,
      Artifacts artifacts,
      ReleaseChecks checks,
      ReadModel readModel,
      Pushes pushes,
      GitAddress git,
      Producer<byte[], byte[]> producer) {
    return new Web(
        new SecurityHeaders(settings.baseUrl(), site.pages()),
        artifacts,
        new ApiRoutes(
            context,
            bounds,
            settings.baseUrl(),
            settings.operatorToken(),
            connecting,
            deliveries,
            artifacts,
            checks,
            readModel,
            pushes,
            producer),
        git,
        new PageRoutes(
            context, bounds, settings.baseUrl(), site, settings.clientId(), connecting, readModel));
  }

  /** Pages last: theirs is the rest. */
  public void mount(Router router) {
    router.route().handler(headers);
    artifacts.mount(router);
    api.mount(router);
    git.mount(router, api.git());
    pages.mount(router);
  }
}
