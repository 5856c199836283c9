package sh.cinch.ingress.web.pages;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.delivery.Outcomes;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.schema.event.BuildState;
import sh.cinch.schema.event.CommitStatusEvent;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.WaitingFor;
import sh.cinch.service.token.CredentialHealth;

/**
 * A state at a glance: by its words, its sign and its colour, so that none is needed alone.
 *
 * @param tone {@code good}, {@code bad}, {@code busy} or {@code quiet}: the style's class
 */
public record Badge(String tone, String sign, String text) {

  private static final String ON_ITS_WAY = "on its way";
  private static final Badge DELIVERED = new Badge("good", "✓", "on Bitbucket");
  private static final Badge NOT_DELIVERED = new Badge("bad", "✗", "not on Bitbucket");
  private static final Badge SUPERSEDED = new Badge("quiet", "»", "superseded");

  static Badge ofBuild(BuildState.State state) {
    return switch (state) {
      case SUCCESS -> new Badge("good", "✓", "passed");
      case FAILURE -> new Badge("bad", "✗", "failed");
      case ERROR -> new Badge("bad", "!", "error");
      case RUNNING -> new Badge("busy", "▸", "running");
      case PENDING -> new Badge("quiet", "…", "pending");
      case CANCELLED -> new Badge("quiet", "■", "cancelled");
    };
  }

  /** Whether the forge shows what it should. */
  static Badge ofDelivery(CommitStatusEvent.Progress progress, @Nullable WaitingFor waitingFor) {
    return switch (progress) {
      case PENDING -> new Badge("quiet", "…", "not on Bitbucket yet");
      case WAITING -> waiting(waitingFor);
      case DELIVERED -> DELIVERED;
      case FAILED -> NOT_DELIVERED;
    };
  }

  /** Where a release stands as a whole. */
  static Badge ofRelease(ReleaseEvent.State state, Optional<WaitingFor> waitingFor) {
    return switch (state) {
      case REQUESTED, SENDING ->
          waitingFor.isPresent() ? waiting(waitingFor.get()) : new Badge("quiet", "…", ON_ITS_WAY);
      case DELIVERED -> DELIVERED;
      case SUPERSEDED -> SUPERSEDED;
      case FAILED -> new Badge("bad", "✗", "failed");
    };
  }

  static Badge ofReleasedFile(ReleaseEvent.FileState state) {
    return switch (state) {
      case OPEN -> new Badge("quiet", "…", ON_ITS_WAY);
      case DELIVERED -> DELIVERED;
      case SUPERSEDED -> SUPERSEDED;
      case FAILED -> NOT_DELIVERED;
    };
  }

  /** What became of a delivery, by the word for it in the log. */
  static Badge ofLogged(LoggedDelivery delivery) {
    String word = delivery.outcome().replace('-', ' ');
    if (delivery.outcome().equals(Outcomes.HELD)) {
      return new Badge("busy", "…", word);
    }
    if (delivery.answer() >= 400) {
      return new Badge("bad", "✗", word);
    }
    return delivery.events() > 0 ? new Badge("good", "✓", word) : new Badge("quiet", "–", word);
  }

  private static Badge waiting(@Nullable WaitingFor waitingFor) {
    return new Badge(
        "busy",
        "…",
        switch (waitingFor) {
          case RATE_LIMIT -> "waiting for Bitbucket's rate limit";
          case AUTHORIZATION -> "waiting for authorization";
          case COMMIT -> "waiting for the commit";
          case SOURCE -> "waiting for the files";
          case BITBUCKET -> "waiting for Bitbucket";
          case null -> "waiting";
        });
  }

  static Badge ofWebhook(Hook hook) {
    if (hook.allowUnsigned()) {
      return new Badge("bad", "!", "pushes need no signature");
    }
    if (hook.trouble().filter(HookTrouble::stopsDeliveries).isPresent()) {
      return new Badge("bad", "!", "webhook does not work");
    }
    if (hook.lastDeliveryAt().isPresent()) {
      return new Badge("good", "✓", "webhook works");
    }
    return hook.managed()
        ? new Badge("quiet", "…", "webhook waits for a push")
        : new Badge("busy", "!", "webhook to be made by hand");
  }

  /** Whether the credential of a repository can be used, and will be. */
  static Badge ofCredential(String kind, CredentialHealth health) {
    return switch (health.state()) {
      case HEALTHY ->
          health.isWell()
              ? new Badge("good", "✓", "access works")
              : new Badge("busy", "!", "access ends soon");
      case UNCLEAR -> new Badge("busy", "?", "access unclear");
      case NEEDS_AUTHORIZATION ->
          new Badge(
              "bad",
              "!",
              kind.equals(Connection.OAUTH) ? "needs authorization" : "needs a new token");
      case REVOKED -> new Badge("bad", "!", "access removed");
    };
  }

  static Badge incomplete(String state) {
    return new Badge("bad", "!", state + ", not finished");
  }
}
