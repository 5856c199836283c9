package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Optional;

/**
 * A credential that people must, or soon must, do something about.
 *
 * @param happened as a sentence
 * @param concerns the repositories connected with it, as far as the viewer sees them
 * @param tryAddress where the viewer may ask for another try; empty where that would be of no use
 */
public record CredentialNotice(
    Badge badge,
    String happened,
    List<String> concerns,
    Remedy remedy,
    Optional<String> tryAddress) {

  public CredentialNotice {
    concerns = List.copyOf(concerns);
  }
}
