package sh.cinch.ingress.connecting.credential;

/**
 * Whose credential it is.
 *
 * @param uuid the forge's, in braces
 * @param name for people; not unique
 */
public record Account(String uuid, String name) {}
