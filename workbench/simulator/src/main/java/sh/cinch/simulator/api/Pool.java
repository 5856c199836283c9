package sh.cinch.simulator.api;

import sh.cinch.simulator.http.Call;

/** Requests are limited separately in each of these. */
enum Pool {
  REPOSITORY_DATA("api-repository-data"),
  WEBHOOK_DATA("api-webhook-data");

  private final String resource;

  Pool(String resource) {
    this.resource = resource;
  }

  /** As the rate-limit headers name it. */
  String resource() {
    return resource;
  }

  static Pool of(Call call) {
    return call.route().contains("/hooks") ? WEBHOOK_DATA : REPOSITORY_DATA;
  }
}
