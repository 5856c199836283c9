package sh.cinch.tokenservice.credential;

/**
 * Who the forge says a credential belongs to.
 *
 * @param uuid in braces
 * @param name for people; not unique
 */
public record Account(String uuid, String name) {}
