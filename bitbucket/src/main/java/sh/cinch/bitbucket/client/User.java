package sh.cinch.bitbucket.client;

import java.util.Optional;

/**
 * An account.
 *
 * @param uuid in braces; what identifies the account
 * @param displayName as Bitbucket shows it, or the nickname; not unique
 * @param isPerson whether nothing says that it only stands for a token or a program
 */
public record User(String uuid, Optional<String> accountId, String displayName, boolean isPerson) {
  static User from(Fields user) throws AnswerShapeException {
    String uuid = user.text("uuid");
    String name =
        user.optionalText("display_name").or(() -> user.optionalText("nickname")).orElse(uuid);
    boolean isPerson = user.optionalText("type").map("user"::equals).orElse(true);
    return new User(uuid, user.optionalText("account_id"), name, isPerson);
  }
}
