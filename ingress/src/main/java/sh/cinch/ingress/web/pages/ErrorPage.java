package sh.cinch.ingress.web.pages;

import java.util.Optional;
import sh.cinch.schema.event.Limits;
import sh.cinch.schema.text.Cut;

/**
 * Something was refused, or is not there.
 *
 * @param notice where it is the viewer's own authorization that stands in the way
 */
public record ErrorPage(
    Optional<Viewer> viewer, String title, String detail, Optional<CredentialNotice> notice) {

  public ErrorPage {
    detail = Cut.to(detail, Limits.REASON);
  }
}
