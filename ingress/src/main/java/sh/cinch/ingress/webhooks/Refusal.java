package sh.cinch.ingress.webhooks;

import sh.cinch.ingress.webhooks.hook.KnownHook;

/** Why a delivery through a known hook is refused: for the log, where people look what to do. */
enum Refusal {
  NO_UUID(
      DeliveryResponse.WRONG_UUID,
      "It does not say which webhook it comes from (X-Hook-UUID): is there a proxy that takes the"
          + " header away?"),
  UNKNOWN_UUID(
      DeliveryResponse.WRONG_UUID,
      "The webhook was made again on Bitbucket, and with another secret or none: make a new secret"
          + " with `cinch repo secret %s` and enter it there, or remove that webhook.",
      "Somebody made a second webhook with this one's URL on Bitbucket, with another secret or"
          + " none: Cinch removes it there, or remove it yourself."),
  TOO_MANY_UUIDS(
      DeliveryResponse.WRONG_UUID,
      "The webhook was made again on Bitbucket once more than Cinch keeps in mind: remove those"
          + " that are gone there, on the repository's page or with DELETE"
          + " /api/v1/repositories/%s/webhook/uuids/{uuid}; the next push is taken then."),
  ANOTHERS_UUID(
      DeliveryResponse.WRONG_UUID,
      "It comes from the webhook of another connection: on Bitbucket, enter there the URL and the"
          + " secret that Cinch gave for that one."),
  NO_SIGNATURE(
      DeliveryResponse.NO_SIGNATURE,
      "The webhook on Bitbucket has no secret: make a new one with `cinch repo secret %s` and enter"
          + " it there.",
      "The webhook on Bitbucket has no secret any more: Cinch sets it again within minutes, once a"
          + " day at most; `cinch repo secret %s` sets a new one at once."),
  MALFORMED_SIGNATURE(
      DeliveryResponse.MALFORMED_SIGNATURE,
      "Its signature is not as Bitbucket writes one (X-Hub-Signature: sha256=…): is there a proxy"
          + " that changes the header, or is it somebody else's?"),
  WRONG_SIGNATURE(
      DeliveryResponse.WRONG_SIGNATURE,
      "The webhook on Bitbucket has another secret than Cinch: make a new one with `cinch repo"
          + " secret %s` and enter it there. If that does not help, a proxy changes the bodies.",
      "The webhook on Bitbucket has another secret than Cinch: Cinch sets it again within minutes,"
          + " once a day at most; `cinch repo secret %s` sets a new one at once. If that does not"
          + " help, a proxy changes the bodies."),
  OTHER_REPOSITORY(
      DeliveryResponse.OTHER_REPOSITORY,
      "It is about another repository: its webhook has this one's URL and secret. Connect that"
          + " repository, and give its webhook the URL and the secret that are shown then.");

  private final DeliveryResponse answer;
  private final String words;
  private final String ofOwn;

  Refusal(DeliveryResponse answer, String words) {
    this(answer, words, words);
  }

  /**
   * @param ofOwn the words where Cinch looks after the webhook itself
   */
  Refusal(DeliveryResponse answer, String words, String ofOwn) {
    this.answer = answer;
    this.words = words;
    this.ofOwn = ofOwn;
  }

  DeliveryResponse answer() {
    return answer;
  }

  /** What happened, and what to do about it. */
  String words(KnownHook hook) {
    return (hook.hook().managed() ? ofOwn : words).formatted(hook.repository().id());
  }
}
