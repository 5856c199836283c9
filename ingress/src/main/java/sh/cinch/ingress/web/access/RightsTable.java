package sh.cinch.ingress.web.access;

import static java.util.Map.entry;
import static sh.cinch.ingress.web.access.Right.ADMINISTER;
import static sh.cinch.ingress.web.access.Right.CLONE;
import static sh.cinch.ingress.web.access.Right.CONNECT;
import static sh.cinch.ingress.web.access.Right.HOOK_SECRET;
import static sh.cinch.ingress.web.access.Right.KNOWN;
import static sh.cinch.ingress.web.access.Right.NONE;
import static sh.cinch.ingress.web.access.Right.OPERATE;
import static sh.cinch.ingress.web.access.Right.REPORT;
import static sh.cinch.ingress.web.access.Right.SEE;
import static sh.cinch.ingress.web.access.Right.SERVICE_SECRET;
import static sh.cinch.ingress.web.access.Right.SESSION;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who may do what at the public port: a row for each route. Operations, pages and forms are mounted
 * with what their row asks; a test holds all routes against the table.
 */
public final class RightsTable {

  private static final Map<String, Right> ROWS =
      Map.ofEntries(
          entry("GET /health/live", NONE),
          entry("GET /health/ready", NONE),
          entry("GET /static/*", NONE),
          entry("POST /webhooks/bitbucket", HOOK_SECRET),
          entry("POST /webhooks/bitbucket/{hookId}", HOOK_SECRET),
          entry("GET /internal/repositories/{repository}/artifacts/{artifact}", SERVICE_SECRET),
          entry("GET /git/{id}/info/refs", CLONE),
          entry("POST /git/{id}/git-upload-pack", CLONE),
          // Pages: the first page and the way to a session are for everybody.
          entry("GET /", NONE),
          entry("GET /auth/bitbucket", NONE),
          entry("GET /auth/bitbucket/callback", NONE),
          entry("GET /auth/bitbucket/account", SESSION),
          entry("POST /auth/bitbucket/account", SESSION),
          entry("POST /sign-out", SESSION),
          entry("GET /events", SESSION),
          entry("GET /connect", SESSION),
          entry("POST /connect", CONNECT),
          entry("GET /repositories/{id}", SEE),
          entry("POST /repositories/{id}/disconnect", ADMINISTER),
          entry("POST /repositories/{id}/credential/try", ADMINISTER),
          entry("POST /repositories/{id}/webhook/uuid/remove", ADMINISTER),
          entry("POST /credential/try", SESSION),
          // The API.
          entry("GET /api/v1/openapi.json", NONE),
          entry("GET /api/v1/asyncapi.json", NONE),
          entry("GET /api/v1/schemas/{name}", NONE),
          entry("GET /api/v1/repositories", KNOWN),
          entry("POST /api/v1/repositories", CONNECT),
          entry("GET /api/v1/repositories/{id}", SEE),
          entry("DELETE /api/v1/repositories/{id}", ADMINISTER),
          entry("POST /api/v1/repositories/{id}/credential/try", ADMINISTER),
          entry("POST /api/v1/repositories/{id}/webhook/secret", ADMINISTER),
          entry("DELETE /api/v1/repositories/{id}/webhook/uuids/{uuid}", ADMINISTER),
          entry("POST /api/v1/repositories/{id}/webhook/simulate", ADMINISTER),
          entry("POST /api/v1/repositories/{id}/build-states", REPORT),
          entry("GET /api/v1/repositories/{id}/deliveries", SEE),
          entry("GET /api/v1/repositories/{id}/statuses", SEE),
          entry("GET /api/v1/repositories/{id}/releases", SEE),
          entry("GET /api/v1/pushes", KNOWN),
          entry("GET /api/v1/deliveries", SEE),
          entry("GET /api/v1/deliveries/{id}", SEE),
          entry("GET /api/v1/deliveries/{id}/body", ADMINISTER),
          entry("POST /api/v1/deliveries/{id}/replay", ADMINISTER),
          entry("POST /api/v1/releases", REPORT),
          entry("GET /api/v1/releases/{id}", SEE),
          entry("GET /api/v1/artifacts", REPORT),
          entry("PUT /api/v1/artifacts", REPORT),
          entry("GET /api/v1/dead-letters", OPERATE),
          entry("POST /api/v1/dead-letters/replay", OPERATE),
          entry("POST /api/v1/dead-letters/drop", OPERATE),
          entry("GET /api/v1/dead-letters/{id}", OPERATE),
          entry("POST /api/v1/dead-letters/{id}/replay", OPERATE),
          entry("POST /api/v1/dead-letters/{id}/drop", OPERATE),
          entry("GET /api/v1/tokens", OPERATE),
          entry("POST /api/v1/tokens", OPERATE),
          entry("DELETE /api/v1/tokens/{id}", OPERATE));

  private RightsTable() {}

  /** Methods and paths of all rows. */
  public static Set<String> routes() {
    return ROWS.keySet();
  }

  /**
   * @param path with its parameters in braces
   * @throws IllegalStateException where the table has no row for it
   */
  public static Right of(String method, String path) {
    return Optional.ofNullable(ROWS.get(method + " " + path))
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "nobody says who may call %s %s".formatted(method, path)));
  }
}
