package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.CommitStatusEvent.Progress;

/**
 * A commit status in a list.
 *
 * @param ref which of the refs of this commit; empty where no record named one
 * @param build what it should show
 * @param delivery whether Bitbucket shows that
 * @param shown what Bitbucket shows meanwhile
 * @param url where the build can be looked at, if it is a web address
 * @param reason why it is not on Bitbucket
 * @param origin address of the delivery that brought the push
 */
public record StatusItem(
    String repository,
    String commit,
    Optional<String> ref,
    String name,
    Badge build,
    Badge delivery,
    Optional<String> shown,
    Optional<String> url,
    Optional<String> description,
    Optional<String> reason,
    List<String> warnings,
    Optional<String> origin,
    When when) {

  private static final int SHORT_HASH = 12;

  static StatusItem of(CommitStatusEvent status, String repository) {
    boolean delivered = status.progress() == Progress.DELIVERED;
    return new StatusItem(
        repository,
        status.commit().substring(0, SHORT_HASH),
        Optional.ofNullable(status.ref()).map(StatusItem::shortRef).map(Brief::text),
        Brief.text(status.name()),
        Badge.ofBuild(status.wanted()),
        Badge.ofDelivery(status.progress(), status.waitingFor()),
        Optional.ofNullable(status.shown())
            .filter(shown -> !delivered)
            .map(shown -> Brief.text(words(shown.state()))),
        Optional.ofNullable(status.url()).filter(Brief::isWebAddress),
        Optional.ofNullable(status.description()).map(Brief::text),
        Optional.ofNullable(status.reason()).filter(reason -> !delivered).map(Brief::text),
        Brief.texts(status.warnings()),
        Uuids.parse(status.deliveryId()).map(id -> "/api/v1/deliveries/" + id),
        When.of(status.at()));
  }

  private static String shortRef(String ref) {
    return ref.replaceFirst("^refs/heads/", "").replaceFirst("^refs/tags/", "tag ");
  }

  private static String words(String forgeState) {
    return forgeState.toLowerCase(Locale.ROOT).replace("inprogress", "in progress");
  }
}
