package sh.cinch.bitbucket.client;

import java.util.Optional;

/**
 * An account.
 *
 * @param uuid in braces; what identifies the account
 * @param displayName as Bitbucket shows it, or the nickname; not unique
 */
public record User(String uuid, Optional<String> accountId, String displayName) {
  static User from(Fields user) throws AnswerShapeException {
    String uuid = user.text("uuid");
    String name =
        user.optionalText("display_name").or(() -> user.optionalText("nickname")).orElse(uuid);
    return new User(uuid, user.optionalText("account_id"), name);
  }
}
