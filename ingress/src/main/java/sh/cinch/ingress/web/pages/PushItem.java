package sh.cinch.ingress.web.pages;

import java.util.Optional;
import sh.cinch.ingress.readmodel.PushRow;

/** A push in a list. */
public record PushItem(
    String repository, String ref, String change, Optional<String> commit, String line, When when) {

  private static final int SHORT_HASH = 12;

  static PushItem of(PushRow push, String repository) {
    String message = push.message().map(text -> text.lines().findFirst().orElse("")).orElse("");
    return new PushItem(
        repository,
        Brief.text(push.ref().replaceFirst("^refs/(heads|tags)/", "")),
        push.type() + " " + push.change(),
        push.commit().map(hash -> hash.substring(0, SHORT_HASH)),
        Brief.text(
            push.actor().map(name -> name + (message.isEmpty() ? "" : ": ")).orElse("") + message),
        When.of(push.receivedAt()));
  }
}
