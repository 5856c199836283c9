package sh.cinch.ingress.web.pages;

import java.util.List;
import java.util.Optional;
import sh.cinch.ingress.connecting.upkeep.HookNote;
import sh.cinch.ingress.webhooks.delivery.RefusedLately;
import sh.cinch.ingress.webhooks.hook.SeenUuid;

/**
 * How a repository's pushes come in.
 *
 * @param notes what is wrong with it, and what was done about it
 * @param uuids of the webhooks on Bitbucket that bring them
 * @param refused what was not taken of late
 */
public record WebhookItem(List<Note> notes, List<Uuid> uuids, List<Refused> refused) {

  /** What its people should know, and when that was. */
  public record Note(String text, Optional<When> at) {
    static Note of(HookNote note) {
      return new Note(note.text(), note.at().map(When::of));
    }
  }

  /** Of a webhook on Bitbucket. */
  public record Uuid(String uuid, Optional<When> first, Optional<When> last) {
    static Uuid of(SeenUuid seen) {
      return new Uuid(
          seen.uuid().value(), seen.firstSeenAt().map(When::of), seen.lastSeenAt().map(When::of));
    }
  }

  /**
   * Refused deliveries of a kind.
   *
   * @param line what happened, and what to do
   */
  public record Refused(String outcome, int count, When last, String line) {
    static Refused of(RefusedLately refused) {
      return new Refused(
          refused.outcome().replace('-', ' '),
          refused.count(),
          When.of(refused.last()),
          refused.reason());
    }
  }

  static WebhookItem of(List<HookNote> notes, List<SeenUuid> uuids, List<RefusedLately> refused) {
    return new WebhookItem(
        notes.stream().map(Note::of).toList(),
        uuids.stream().map(Uuid::of).toList(),
        refused.stream().map(Refused::of).toList());
  }

  /** A single one stays. */
  public boolean hasSeveral() {
    return uuids.size() > 1;
  }
}
