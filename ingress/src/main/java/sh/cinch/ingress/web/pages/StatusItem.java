package sh.cinch.ingress.web.pages;

import java.util.Optional;
import sh.cinch.ingress.readmodel.StatusRow;

/**
 * A check of a commit in a list.
 *
 * @param url where the build can be looked at, if it is a web address
 * @param reason why it is not on the forge
 */
public record StatusItem(
    String repository,
    String commit,
    String name,
    Optional<Badge> build,
    Optional<Badge> delivery,
    Optional<String> url,
    Optional<String> description,
    Optional<String> reason,
    When when) {

  private static final int SHORT_HASH = 12;

  static StatusItem of(StatusRow row, String repository) {
    return new StatusItem(
        repository,
        row.commit().substring(0, SHORT_HASH),
        row.build().map(StatusRow.Build::name).orElse(row.key()),
        row.build().map(StatusRow.Build::state).map(Badge::ofBuild),
        row.outcome().map(StatusRow.Outcome::result).map(Badge::ofDelivery),
        row.build().flatMap(StatusRow.Build::url).filter(StatusItem::isWebAddress),
        row.build().flatMap(StatusRow.Build::description),
        row.outcome().flatMap(StatusRow.Outcome::reason),
        When.of(row.updatedAt()));
  }

  /** A runner chose it: a link may lead to a page, but must not run a script. */
  private static boolean isWebAddress(String url) {
    return url.startsWith("https://") || url.startsWith("http://");
  }
}
