package sh.cinch.ingress.artifacts.release;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.forge.Forge;
import sh.cinch.forge.ForgeCaller;
import sh.cinch.forge.ForgeDownloads;
import sh.cinch.forge.ForgeDownloads.Listing;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.forge.ForgeSession;
import sh.cinch.forge.Purpose;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.forge.ForgeAnswers;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.schema.release.ReleaseSource;
import sh.cinch.service.http.Problem;

/**
 * Looks, before a release is asked for, whether it can be. Each check answers in words what to do
 * where it cannot. Blocks: never on an event loop.
 */
public final class ReleaseChecks {

  private final Forge forge;
  private final ReleasedFiles files;

  public ReleaseChecks(Forge forge, ReleasedFiles files) {
    this.forge = forge;
    this.files = files;
  }

  /**
   * @throws Problem 422 where a name cannot be had
   */
  public DownloadNames names(ReleaseRequest request) {
    try {
      return DownloadNames.of(request);
    } catch (IllegalArgumentException e) {
      throw new Problem(422, "Names that cannot be had", String.valueOf(e.getMessage()));
    }
  }

  /**
   * Whether Cinch has what it is said to have; what lies elsewhere is looked at by who fetches it.
   *
   * @throws Problem 422 where it has not
   */
  public void files(Connection connection, ReleaseRequest request) {
    request.files().forEach(file -> file(connection, file));
  }

  private void file(Connection connection, ReleaseRequest.File file) {
    Optional<UUID> artifact = ReleaseSource.artifact(file.source());
    if (artifact.isEmpty()) {
      return;
    }
    ReleasedFiles.Stored stored =
        files
            .find(connection.id(), artifact.get())
            .orElseThrow(
                () ->
                    new Problem(
                        422,
                        "File not stored",
                        "The file '%s' is not stored for this repository: it expired, or never was. Upload it again."
                            .formatted(file.name())));
    if (stored.size() != file.size() || !stored.sha256().equals(file.sha256())) {
      throw new Problem(
          422,
          "Another file stored",
          "What is stored for the file '%s' has %d bytes and the SHA-256 %s, not %d and %s. Upload it again."
              .formatted(file.name(), stored.size(), stored.sha256(), file.size(), file.sha256()));
    }
  }

  /**
   * The commit that the tag points to on the forge.
   *
   * @param given what it should be; empty for whatever it is
   * @param purpose what it is asked for
   * @throws Problem 422 where there is no such tag, or it points elsewhere
   */
  public String commit(Connection connection, String tag, Optional<String> given, Purpose purpose) {
    String found =
        tagged(connection, tag, purpose)
            .orElseThrow(
                () ->
                    new Problem(
                        422,
                        "No such tag",
                        "There is no tag '%s' in %s on Bitbucket: push the tag first."
                            .formatted(tag, connection.fullName())));
    given
        .filter(commit -> !commit.equals(found))
        .ifPresent(
            commit -> {
              throw new Problem(
                  422,
                  "Another commit",
                  "The tag '%s' points to %s on Bitbucket, not to %s: push the tag as it should be, or release what it points to."
                      .formatted(tag, found, commit));
            });
    return found;
  }

  private Optional<String> tagged(Connection connection, String tag, Purpose purpose) {
    ForgeSession session = session(connection, purpose);
    ForgeRepository repository = repository(connection);
    Optional<String> commit =
        ForgeAnswers.valueOf(
            session.refs().tag(repository, tag), "The tag could not be looked up.");
    if (commit.isEmpty()) {
      // In an outage Bitbucket has answered 404 to everything: then it is not the tag that is
      // missing.
      ForgeAnswers.valueOf(
          session.repositories().find(repository), "The repository could not be looked up.");
    }
    return commit;
  }

  /** What is in the repository's downloads now, for a dry run. */
  public Listing downloads(Connection connection) {
    return session(connection, Purpose.RELEASE_CHECK)
        .optional(ForgeDownloads.class)
        .map(
            downloads ->
                ForgeAnswers.valueOf(
                    downloads.list(repository(connection)),
                    "The repository's downloads could not be listed."))
        .orElseGet(() -> new Listing(List.of(), 0));
  }

  private ForgeSession session(Connection connection, Purpose purpose) {
    UUID credential =
        connection.credential().map(Connection.Used::id).orElseThrow(ReleaseChecks::apart);
    return forge.open(ForgeCaller.once(credential, purpose).about(connection.id()));
  }

  private static ForgeRepository repository(Connection connection) {
    return connection.address();
  }

  /** Of a repository that is not connected. */
  public static Problem apart() {
    return new Problem(
        409,
        "Not connected",
        "The repository is not connected, so nothing can be released to it. Connect it first.");
  }
}
