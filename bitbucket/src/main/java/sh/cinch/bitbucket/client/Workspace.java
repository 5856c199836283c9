package sh.cinch.bitbucket.client;

/**
 * A workspace the account belongs to.
 *
 * @param uuid in braces
 * @param administrator whether the account administers it
 */
public record Workspace(String uuid, String slug, boolean administrator) {
  static Workspace from(Fields access) throws AnswerShapeException {
    Fields workspace = access.object("workspace");
    return new Workspace(
        workspace.text("uuid"), workspace.text("slug"), access.flag("administrator", false));
  }
}
