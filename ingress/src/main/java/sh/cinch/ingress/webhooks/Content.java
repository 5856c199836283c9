package sh.cinch.ingress.webhooks;

import sh.cinch.bitbucket.webhook.PayloadRepository;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.RepositoryId;
import sh.cinch.bitbucket.webhook.UnreadChanges;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.http.RequestLimits;

/** What a genuine delivery is about. */
sealed interface Content {

  /** A push of this repository that changed something. */
  record Changes(PushPayload.Parsed push) implements Content {

    @Override
    public UnreadChanges unread() {
      return push.unread();
    }
  }

  /** Fine, and nothing to publish. */
  record Nothing(DeliveryResponse answer, UnreadChanges unread) implements Content {

    Nothing(DeliveryResponse answer) {
      this(answer, UnreadChanges.NONE);
    }
  }

  /** Another repository's: somebody gave two hooks one secret. */
  record Foreign() implements Content {}

  /**
   * @param why for whoever sent it; quotes nothing of the body
   */
  record Unusable(DeliveryResponse answer, String why) implements Content {}

  /** A push of this repository, and none of its changes is of use. */
  record AllUnread(UnreadChanges unread) implements Content {}

  /** What of a push cannot be published. */
  default UnreadChanges unread() {
    return UnreadChanges.NONE;
  }

  static Content read(Delivery delivery, HookedRepository repository) {
    return delivery.headers().isPush()
        ? ofPush(delivery.body(), repository)
        : other(delivery.body(), repository);
  }

  /** Of a body that is, or was, delivered as a push. */
  static Content ofPush(byte[] body, HookedRepository repository) {
    return switch (PushPayload.parse(body, RequestLimits.CHANGES, PushEvent::objection)) {
      case PushPayload.NotJson(String why) -> new Unusable(DeliveryResponse.NOT_JSON, why);
      case PushPayload.OtherShape(String why) -> new Unusable(DeliveryResponse.OTHER_SHAPE, why);
      case PushPayload.AllUnread push when !isOf(push.repository(), repository) -> new Foreign();
      case PushPayload.AllUnread push -> new AllUnread(push.unread());
      case PushPayload.Parsed push when !isOf(push.repository(), repository) -> new Foreign();
      case PushPayload.Parsed push when push.changes().isEmpty() ->
          new Nothing(DeliveryResponse.NOTHING_CHANGED, push.unread());
      case PushPayload.Parsed push -> new Changes(push);
    };
  }

  private static Content other(byte[] body, HookedRepository repository) {
    return switch (PayloadRepository.parse(body)) {
      case PayloadRepository.NotJson(String why) -> new Unusable(DeliveryResponse.NOT_JSON, why);
      case PayloadRepository.About(RepositoryId about) when !isOf(about, repository) ->
          new Foreign();
      case PayloadRepository.About about -> new Nothing(DeliveryResponse.UNKNOWN_EVENT);
      case PayloadRepository.Unnamed() -> new Nothing(DeliveryResponse.UNKNOWN_EVENT);
    };
  }

  private static boolean isOf(RepositoryId about, HookedRepository repository) {
    return about.uuid().equalsIgnoreCase(repository.uuid());
  }
}
