package sh.cinch.simulator.api;

import sh.cinch.simulator.http.Call;

/** Requests are limited separately in each of these. */
enum Pool {
  REPOSITORY_DATA("api-repository-data"),
  WEBHOOK_DATA("api-webhook-data"),
  RAW_FILES("raw-files"),
  GIT("git");

  /** How often a client may come by git where it may come once otherwise. */
  static final int GIT_FOR_ONE = 60;

  private final String resource;

  Pool(String resource) {
    this.resource = resource;
  }

  /** As the rate-limit headers name it. */
  String resource() {
    return resource;
  }

  static Pool of(Call call) {
    if (call.route().contains("/hooks")) {
      return WEBHOOK_DATA;
    }
    boolean isFile = call.method().equals("GET") && call.route().endsWith("/downloads/:name");
    return isFile ? RAW_FILES : REPOSITORY_DATA;
  }
}
