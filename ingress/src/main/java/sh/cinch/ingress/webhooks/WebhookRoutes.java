package sh.cinch.ingress.webhooks;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.HookLookup;
import sh.cinch.ingress.webhooks.hook.HookName;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.service.ServiceContext;

/**
 * Where the forge delivers: read, verify and parse on the event loop, which never waits; publish in
 * the repository's turn on a virtual thread; answer. No call to the forge is made on the way.
 */
final class WebhookRoutes {

  private static final Logger log = LoggerFactory.getLogger(WebhookRoutes.class);
  private static final String HOOK_ID = "hookId";

  private final BodyReader bodies;
  private final HookDirectory directory;
  private final PushPublisher publisher;
  private final DeliveryProcessor processor;
  private final DeliveryResponder responder;
  private final InstantSource clock;

  /**
   * @param bodyWithin how long a body may take
   */
  WebhookRoutes(
      ServiceContext context,
      HookDirectory directory,
      Hooks hooks,
      DeliveryLog deliveries,
      PushPublisher publisher,
      NameHints names,
      Duration bodyWithin) {
    this.bodies = new BodyReader(context.vertx(), bodyWithin);
    this.directory = directory;
    this.publisher = publisher;
    this.processor = new DeliveryProcessor(hooks, directory, deliveries, publisher, names);
    this.responder = new DeliveryResponder(context.vertx(), context.clock(), context.metrics());
    this.clock = context.clock();
  }

  /** To be mounted before whatever reads bodies: this reads its own. */
  void mount(Router router) {
    router.post(HookUrls.PATH).handler(this::accept);
    router.post(HookUrls.PATH + "/:" + HOOK_ID).handler(this::accept);
    router.route(HookUrls.PATH).handler(this::otherMethod);
    router.route(HookUrls.PATH + "/:" + HOOK_ID).handler(this::otherMethod);
  }

  private void otherMethod(RoutingContext context) {
    responder.sendAndClose(context.request(), DeliveryResponse.OTHER_METHOD);
  }

  private void accept(RoutingContext context) {
    HttpServerRequest request = context.request();
    DeliveryHeaders headers = DeliveryHeaders.of(request.headers());
    Optional<HookName> hook = hook(context.pathParam(HOOK_ID), headers);
    bodies.read(
        request,
        body -> {
          switch (body) {
            case Body.Whole(var bytes) ->
                judge(
                    request,
                    new Delivery(
                        UUID.randomUUID(),
                        hook,
                        headers,
                        bytes.getBytes(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS)));
            case Body.NotTaken(DeliveryResponse answer) -> {
              log.info(
                  "delivery not read answer={} reason={} hook={}",
                  answer.status(),
                  answer.reason(),
                  text(hook));
              responder.sendAndClose(request, answer);
            }
          }
        });
  }

  private static Optional<HookName> hook(@Nullable String id, DeliveryHeaders headers) {
    return id == null
        ? headers.hookUuid().map(HookName.ByForgeUuid::new)
        : Uuids.parse(id).map(HookName.ById::new);
  }

  private static String text(Optional<HookName> hook) {
    return hook.map(HookName::text).orElse("none");
  }

  private void judge(HttpServerRequest request, Delivery delivery) {
    delivery
        .hook()
        .map(directory::find)
        .ifPresentOrElse(
            lookup -> lookup.onSuccess(found -> judge(request, delivery, found)),
            () -> judge(request, delivery, new HookLookup.Unknown()));
  }

  private void judge(HttpServerRequest request, Delivery delivery, HookLookup lookup) {
    switch (DeliveryVerifier.verify(lookup, delivery)) {
      case Verification.Refused(DeliveryResponse answer) ->
          answer(request, delivery, answer, answer.text());
      case Verification.Genuine genuine -> receive(request, delivery, genuine);
    }
  }

  private void receive(HttpServerRequest request, Delivery delivery, Verification.Genuine genuine) {
    Content content = Content.read(delivery, genuine.hook().repository());
    publisher.inTurn(
        genuine.hook().repository().id(),
        () -> {
          DeliveryResponse answer = received(delivery, genuine, content);
          answer(request, delivery, answer, text(answer, content));
        });
  }

  private DeliveryResponse received(
      Delivery delivery, Verification.Genuine genuine, Content content) {
    try {
      return processor.receive(delivery, genuine, content);
    } catch (RuntimeException e) {
      log.error("delivery={} failed", delivery.id(), e);
      return DeliveryResponse.FAILED;
    }
  }

  /** A sender with the secret may know what is wrong with the body. */
  private static String text(DeliveryResponse answer, Content content) {
    return content instanceof Content.Unusable unusable ? unusable.why() : answer.text();
  }

  private void answer(
      HttpServerRequest request, Delivery delivery, DeliveryResponse answer, String text) {
    log.info(
        "delivery={} answer={} reason={} hook={} event={} attempt={} bytes={} trace={}",
        delivery.id(),
        answer.status(),
        answer.reason(),
        text(delivery.hook()),
        delivery.headers().eventKey(),
        delivery.headers().attempt(),
        delivery.body().length,
        delivery.headers().trace().trace());
    responder.send(request, answer, text, delivery.receivedAt());
  }
}
