package sh.cinch.simulator.api;

import io.vertx.core.http.HttpMethod;
import java.util.List;
import sh.cinch.simulator.http.Routes;

/** Listings across workspaces, gone since April 2026, whoever asks. */
final class RemovedRoutes {
  private static final List<String> PATHS =
      List.of(
          "/repositories",
          "/workspaces",
          "/user/permissions/workspaces",
          "/user/permissions/repositories");

  private RemovedRoutes() {}

  static void addTo(Routes routes) {
    PATHS.forEach(
        path -> routes.imitate(HttpMethod.GET, Api.ROOT + path, call -> ApiError.removed()));
  }
}
