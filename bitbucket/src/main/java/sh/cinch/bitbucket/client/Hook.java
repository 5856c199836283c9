package sh.cinch.bitbucket.client;

import java.util.Optional;
import java.util.Set;
import sh.cinch.bitbucket.webhook.HookUuid;

/**
 * A webhook of a repository.
 *
 * @param active false where somebody, or Bitbucket, switched it off
 * @param secretSet whether it signs; the secret itself can never be read back
 */
public record Hook(
    HookUuid uuid,
    String url,
    String description,
    boolean active,
    Set<String> events,
    boolean secretSet) {

  static Hook from(Fields hook) throws AnswerShapeException {
    Optional<HookUuid> uuid = HookUuid.parse(hook.text("uuid"));
    return new Hook(
        uuid.orElseThrow(() -> new AnswerShapeException("the hook's uuid is no uuid")),
        hook.text("url"),
        hook.optionalText("description").orElse(""),
        hook.flag("active", true),
        Set.copyOf(hook.texts("events")),
        hook.flag("secret_set", false));
  }
}
