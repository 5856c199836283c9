package sh.cinch.bitbucket.client;

import java.util.Optional;
import java.util.Set;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * A webhook of a repository.
 *
 * @param active false where somebody, or Bitbucket, switched it off
 * @param events empty where Bitbucket does not list them
 * @param secretSet whether it signs, where Bitbucket says so; the secret itself can never be read
 *     back
 */
public record Hook(
    HookUuid uuid,
    String url,
    String description,
    boolean active,
    Optional<Set<String>> events,
    Optional<Boolean> secretSet) {

  static Hook from(Fields hook) throws AnswerShapeException {
    Optional<HookUuid> uuid = HookUuid.parse(hook.text("uuid"));
    return new Hook(
        uuid.orElseThrow(() -> new AnswerShapeException("the hook's uuid is no uuid")),
        hook.text("url"),
        hook.optionalText("description").orElse(""),
        hook.flag("active", true),
        hook.optionalTexts("events").map(Set::copyOf),
        hook.optionalFlag("secret_set"));
  }
}
