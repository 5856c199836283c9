package sh.cinch.bitbucket.client;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A file in a repository's downloads. A name is there once: uploading it again replaces it.
 *
 * @param size in bytes; like all but the name it is not documented, and may be missing
 * @param url where the API hands it out, with a redirect to a host that must not see the credential
 */
public record Download(
    String name, OptionalLong size, Optional<Instant> createdOn, Optional<String> url) {

  static Download from(Fields download) throws AnswerShapeException {
    return new Download(
        download.text("name"),
        download.optionalNumber("size"),
        download.optionalInstant("created_on"),
        Optional.ofNullable(download.node().path("links").path("self").path("href").textValue()));
  }
}
