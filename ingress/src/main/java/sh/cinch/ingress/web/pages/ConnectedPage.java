package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import sh.cinch.ingress.connecting.Connected;
import sh.cinch.ingress.connecting.ManualWebhook;
import sh.cinch.service.http.Problem;

/** The repositories that were chosen, connected or not. */
public record ConnectedPage(Viewer viewer, List<Result> results) {

  public String title() {
    return results.stream().anyMatch(Done.class::isInstance)
        ? "Repositories connected"
        : "Nothing was connected";
  }

  /** One of them. */
  public sealed interface Result {
    String fullName();
  }

  /** Connected; {@code manual} where a person has to make the webhook. */
  public record Done(String fullName, UUID id, Optional<Manual> manual) implements Result {
    static Done of(Connected connected) {
      return new Done(
          connected.connection().fullName(),
          connected.connection().id(),
          connected.manual().map(Manual::of));
    }
  }

  /** Not connected; {@code replaceable} where another account's credential stands in the way. */
  public record Failed(String fullName, String why, boolean replaceable) implements Result {
    static Failed of(String fullName, Problem problem) {
      return new Failed(fullName, problem.detail(), problem.status() == 409);
    }
  }

  /** What to enter on Bitbucket's page. */
  public record Manual(String url, String secret, String events) {
    static Manual of(ManualWebhook manual) {
      return new Manual(
          manual.url().toString(), manual.secret().reveal(), String.join(", ", manual.events()));
    }

    @Override
    public String toString() {
      return "Manual[url=%s]".formatted(url);
    }
  }
}
