package sh.cinch.service.token;

/**
 * Whose credential it is, as the forge says.
 *
 * @param uuid in braces
 * @param name for people; not unique
 */
public record Account(String uuid, String name) {

  public Account {
    TokenJson.required(uuid, "uuid");
    TokenJson.required(name, "name");
  }
}
