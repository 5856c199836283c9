package sh.cinch.simulator.oauth;

import io.vertx.core.http.HttpMethod;
import java.util.Optional;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.world.World;

/** The two addresses of OAuth on the site. */
public final class OAuthRoutes {
  private static final String AUTHORIZE = "/site/oauth2/authorize";

  private OAuthRoutes() {}

  /** The id of the client that a call says it comes from; its secret is not looked at. */
  public static Optional<String> client(Call call) {
    return call.basic().map(pair -> pair.substring(0, pair.indexOf(':')));
  }

  public static void addTo(Routes routes, World world, OAuthClient client, RefreshLog refreshes) {
    var consent = new Consent(world, client);
    routes.imitate(HttpMethod.GET, AUTHORIZE, consent::ask);
    routes.imitate(HttpMethod.POST, AUTHORIZE, consent::decide);
    routes.imitate(
        HttpMethod.POST, TokenEndpoint.PATH, new TokenEndpoint(world, client, refreshes)::answer);
  }
}
