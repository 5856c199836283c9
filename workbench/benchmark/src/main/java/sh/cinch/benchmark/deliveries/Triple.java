package sh.cinch.benchmark.deliveries;

import io.vertx.core.json.JsonObject;
import sh.cinch.benchmark.figures.Ratios;

/**
 * Three rounds, one right after the other.
 *
 * @param everything by the ingress that has all roles, in the JVM in which everything else is
 * @param webhooks by an ingress process that only receives, beside that one
 */
record Triple(Side bare, Side everything, Side webhooks) {

  double everythingRatio() {
    return everything.perSecond() / bare.perSecond();
  }

  double webhooksRatio() {
    return webhooks.perSecond() / bare.perSecond();
  }

  JsonObject json() {
    return new JsonObject()
        .put("bare", bare.json())
        .put("everything", everything.json())
        .put("webhooks", webhooks.json())
        .put("everythingRatio", Ratios.rounded(everythingRatio()))
        .put("webhooksRatio", Ratios.rounded(webhooksRatio()));
  }
}
