package sh.cinch.bitbucket.client;

import java.util.Optional;

/**
 * A workspace the account belongs to; the API finds it by either of its names.
 *
 * @param uuid in braces; it stays when the slug changes
 * @param administrator whether the account administers it
 */
public record Workspace(Optional<String> uuid, Optional<String> slug, boolean administrator) {
  static Workspace from(Fields access) throws AnswerShapeException {
    Fields workspace = access.object("workspace");
    var found =
        new Workspace(
            workspace.optionalText("uuid").filter(RepositoryAddress::isPart),
            workspace.optionalText("slug").filter(RepositoryAddress::isPart),
            access.flag("administrator", false));
    if (found.uuid().isEmpty() && found.slug().isEmpty()) {
      throw new AnswerShapeException(workspace.path() + " has neither uuid nor slug");
    }
    return found;
  }

  /** As the API is asked for it. */
  public String address() {
    return uuid.or(() -> slug).orElseThrow();
  }

  /** As people know it. */
  public String name() {
    return slug.or(() -> uuid).orElseThrow();
  }
}
