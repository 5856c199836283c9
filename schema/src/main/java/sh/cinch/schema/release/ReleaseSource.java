package sh.cinch.schema.release;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** Where a file of a release comes from. */
public sealed interface ReleaseSource {

  /** Of a file that was uploaded to Cinch, before its id. */
  String ARTIFACT = "artifact:";

  /** What {@link UUID#fromString} takes besides is another text for the same id, or none. */
  Pattern ID =
      Pattern.compile(
          "[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");

  /** A file that was uploaded to Cinch. */
  record Artifact(UUID id) implements ReleaseSource {}

  /** A file somewhere else, to be fetched over HTTP. Readers of the topic see the whole address. */
  record Web(URI address) implements ReleaseSource {}

  /** Empty where the text is neither, or an address with a user name or password in it. */
  static Optional<ReleaseSource> of(String source) {
    if (source.startsWith(ARTIFACT)) {
      String id = source.substring(ARTIFACT.length());
      return ID.matcher(id).matches()
          ? Optional.of(new Artifact(UUID.fromString(id)))
          : Optional.empty();
    }
    return web(source);
  }

  /** The id of an uploaded file; empty for any other source. */
  static Optional<UUID> artifact(String source) {
    return of(source)
        .flatMap(found -> found instanceof Artifact(UUID id) ? Optional.of(id) : Optional.empty());
  }

  private static Optional<ReleaseSource> web(String source) {
    try {
      URI address = URI.create(source);
      String scheme = String.valueOf(address.getScheme()).toLowerCase(Locale.ROOT);
      return (scheme.equals("https") || scheme.equals("http"))
              && address.getHost() != null
              && address.getUserInfo() == null
          ? Optional.of(new Web(address))
          : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
