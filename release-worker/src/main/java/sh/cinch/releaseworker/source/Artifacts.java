package sh.cinch.releaseworker.source;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.util.UUID;
import sh.cinch.releaseworker.source.Web.Heard;
import sh.cinch.service.secret.Secret;

/** Files that were uploaded to Cinch, from the ingress' internal route. */
record Artifacts(Web web, URI ingress, Secret serviceSecret) {

  private static final String WHOM = "the ingress";

  Opened open(UUID repository, UUID artifact, long size) {
    RequestOptions request =
        new RequestOptions()
            .setAbsoluteURI(
                "%s/internal/repositories/%s/artifacts/%s".formatted(ingress, repository, artifact))
            .putHeader(HttpHeaders.AUTHORIZATION, "Bearer " + serviceSecret.reveal());
    return switch (web.get(request, WHOM, size)) {
      case Heard.Whole whole -> LengthCheck.of(whole, WHOM, size);
      case Heard.Other other when other.status() == 401 ->
          new Opened.NotNow(
              "the ingress does not know the release-worker's secret: its CINCH_SERVICE_SECRETS"
                  + " must have the CINCH_SERVICE_SECRET of the release-worker");
      case Heard.Other other when isOfTheArtifact(other) ->
          new Opened.Refused(other.problem().orElseThrow());
      case Heard.Other other when other.location().isPresent() ->
          new Opened.NotNow(
              "the ingress answered %d, a redirect, and none is followed: is CINCH_INGRESS_URL right?"
                  .formatted(other.status()));
      case Heard.Other other ->
          new Opened.NotNow(
              "the ingress answered %d%s"
                  .formatted(
                      other.status(), other.problem().map(detail -> ": " + detail).orElse("")));
      case Heard.Silence silence -> new Opened.NotNow(WHOM + " " + silence.why());
    };
  }

  /** Without a problem document it was not the ingress' own route that answered. */
  private static boolean isOfTheArtifact(Heard.Other answer) {
    return (answer.status() == 404 || answer.status() == 410) && answer.problem().isPresent();
  }
}
