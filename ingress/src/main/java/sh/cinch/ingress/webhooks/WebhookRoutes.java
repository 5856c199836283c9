package sh.cinch.ingress.webhooks;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.webhook.UnreadChanges;
import sh.cinch.ingress.text.Uuids;
import sh.cinch.ingress.webhooks.delivery.DeliveryLog;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.held.HeldPushes;
import sh.cinch.ingress.webhooks.hook.HookDirectory;
import sh.cinch.ingress.webhooks.hook.HookLookup;
import sh.cinch.ingress.webhooks.hook.HookName;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.ingress.webhooks.hook.KnownHook;
import sh.cinch.ingress.webhooks.publish.PushPublisher;
import sh.cinch.schema.http.RequestLimits;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.http.BodiesInFlight.Share;
import sh.cinch.service.http.Body;
import sh.cinch.service.http.BodyReader;
import sh.cinch.service.http.HttpBounds;
import sh.cinch.service.log.Repetitions;

/**
 * Where the forge delivers: the hook is looked up before a byte of the body is read. Read, verify
 * and parse on the event loop, which never waits, and elsewhere what is large; publish in the
 * repository's turn, on a virtual thread where something has to be waited for; answer. No call to
 * the forge is made on the way.
 */
final class WebhookRoutes {

  private static final Logger log = LoggerFactory.getLogger(WebhookRoutes.class);
  private static final String HOOK_ID = "hookId";

  /** Larger ones would hold up the deliveries of others on the event loop. */
  private static final int LARGE = 64 * 1024;

  private static final int LARGE_AT_ONCE = 2;

  private final Vertx vertx;
  private final HttpBounds bounds;
  private final BodyReader bodies;
  private final WorkerExecutor large;
  private final HookDirectory directory;
  private final PushPublisher publisher;
  private final DeliveryProcessor processor;
  private final DeliveryResponder responder;
  private final InstantSource clock;
  private final Repetitions<Refused> refusals;

  private record Refused(DeliveryResponse answer, String whose) {}

  /**
   * @param bodyWithin how long a body may take
   */
  WebhookRoutes(
      ServiceContext context,
      HttpBounds bounds,
      HookDirectory directory,
      Hooks hooks,
      DeliveryLog deliveries,
      HeldPushes held,
      PushPublisher publisher,
      NameHints names,
      Duration bodyWithin) {
    this.vertx = context.vertx();
    this.bounds = bounds;
    this.bodies = new BodyReader(vertx, RequestLimits.DELIVERY, bodyWithin);
    this.large = vertx.createSharedWorkerExecutor("large-deliveries", LARGE_AT_ONCE);
    this.directory = directory;
    this.publisher = publisher;
    this.processor =
        new DeliveryProcessor(
            new HookBinder(hooks, directory),
            deliveries,
            held,
            publisher,
            names,
            context.metrics().counter("cinch.webhook.unread.changes"));
    this.responder = new DeliveryResponder(vertx, context.clock(), context.metrics());
    this.clock = context.clock();
    this.refusals = new Repetitions<>(context.clock());
  }

  /** To be mounted before whatever reads bodies: this reads its own. */
  void mount(Router router) {
    router.post(HookUrls.PATH).handler(this::accept);
    router.post(HookUrls.PATH + "/:" + HOOK_ID).handler(this::accept);
    router.route(HookUrls.PATH).handler(this::otherMethod);
    router.route(HookUrls.PATH + "/:" + HOOK_ID).handler(this::otherMethod);
  }

  private void otherMethod(RoutingContext context) {
    responder.sendAndClose(context.request(), DeliveryResponse.OTHER_METHOD, clock.instant());
  }

  private void accept(RoutingContext context) {
    Instant begunAt = clock.instant();
    HttpServerRequest request = context.request();
    DeliveryHeaders headers = DeliveryHeaders.of(request.headers());
    Optional<HookName> named = hook(context.pathParam(HOOK_ID), headers);
    if (BodyReader.isCompressed(request)) {
      refuse(request, named, address(request), DeliveryResponse.COMPRESSED, begunAt);
    } else if (bodies.declaresMore(request)) {
      refuse(request, named, address(request), DeliveryResponse.TOO_LARGE, begunAt);
    } else if (named.isEmpty()) {
      refuse(request, named, address(request), DeliveryResponse.UNKNOWN_HOOK, begunAt);
    } else {
      HookName hook = named.get();
      request.pause();
      find(context, hook, lookup -> begin(context, hook, headers, begunAt, lookup));
    }
  }

  /** Calls back on the request's event loop. */
  private void find(RoutingContext context, HookName hook, Handler<HookLookup> then) {
    Context eventLoop = context.vertx().getOrCreateContext();
    Future<HookLookup> lookup = directory.find(hook);
    if (lookup.isComplete()) {
      then.handle(lookup.result());
    } else {
      lookup.onSuccess(found -> eventLoop.runOnContext(now -> then.handle(found)));
    }
  }

  private void begin(
      RoutingContext context,
      HookName name,
      DeliveryHeaders headers,
      Instant begunAt,
      HookLookup lookup) {
    HttpServerRequest request = context.request();
    switch (lookup) {
      case HookLookup.Unknown() ->
          refuse(
              request, Optional.of(name), address(request), DeliveryResponse.UNKNOWN_HOOK, begunAt);
      case HookLookup.CannotKnow() ->
          refuse(
              request, Optional.of(name), address(request), DeliveryResponse.CANNOT_KNOW, begunAt);
      case HookLookup.Known(KnownHook hook) -> {
        Share share = bounds.share(Optional.of("hook:" + hook.hook().id()), request);
        bodies.read(request, share, body -> read(context, name, headers, begunAt, share, body));
      }
    }
  }

  private void read(
      RoutingContext context,
      HookName name,
      DeliveryHeaders headers,
      Instant begunAt,
      Share share,
      Body body) {
    switch (body) {
      case Body.Whole(Buffer bytes) -> {
        Instant receivedAt = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Delivery delivery =
            new Delivery(
                Uuids.at(receivedAt), name, headers, bytes.getBytes(), begunAt, receivedAt);
        // Again: it may have been removed since, or got another secret.
        find(context, name, lookup -> judge(context.request(), delivery, share, lookup));
      }
      case Body.TooLarge() -> refuse(context.request(), name, DeliveryResponse.TOO_LARGE, begunAt);
      case Body.NoRoom() ->
          refuse(context.request(), name, DeliveryResponse.NO_ROOM_FOR_BODY, begunAt);
      case Body.TooSlow() -> refuse(context.request(), name, DeliveryResponse.TOO_SLOW, begunAt);
    }
  }

  /** Of a hook that is known. */
  private void refuse(
      HttpServerRequest request, HookName hook, DeliveryResponse answer, Instant begunAt) {
    refuse(request, Optional.of(hook), of(hook), answer, begunAt);
  }

  /**
   * @param whose the hook where it is known, else the address: of one of these each refusal is
   *     written once a minute
   */
  private void refuse(
      HttpServerRequest request,
      Optional<HookName> hook,
      String whose,
      DeliveryResponse answer,
      Instant begunAt) {
    refusals
        .next(new Refused(answer, whose))
        .ifPresent(
            leftOut ->
                log.info(
                    "delivery not read answer={} reason={} hook={} of={} leftOut={}",
                    answer.status(),
                    answer.reason(),
                    hook.map(HookName::text).orElse("none"),
                    whose,
                    leftOut));
    responder.sendAndClose(request, answer, begunAt);
  }

  /** Whose body was read, its hook was known. */
  private OptionalLong lineOf(Delivery delivery, DeliveryResponse answer) {
    return answer.isRefusal()
        ? refusals.next(new Refused(answer, of(delivery.hook())))
        : OptionalLong.of(0);
  }

  private static String of(HookName hook) {
    return "hook:" + hook.text();
  }

  private String address(HttpServerRequest request) {
    return "address:" + bounds.proxies().client(request).text();
  }

  private static Optional<HookName> hook(@Nullable String id, DeliveryHeaders headers) {
    return id == null
        ? headers.hookUuid().map(HookName.ByForgeUuid::new)
        : Uuids.parse(id).map(HookName.ById::new);
  }

  private void judge(HttpServerRequest request, Delivery delivery, Share share, HookLookup lookup) {
    switch (lookup) {
      case HookLookup.Unknown() -> answer(request, delivery, share, DeliveryResponse.UNKNOWN_HOOK);
      case HookLookup.CannotKnow() ->
          answer(request, delivery, share, DeliveryResponse.CANNOT_KNOW);
      case HookLookup.Known(KnownHook hook) when delivery.body().length > LARGE -> {
        Future<ReadDelivery> reading =
            large.executeBlocking(() -> ReadDelivery.of(hook, delivery), false);
        // At once, so that what comes after it waits behind it.
        publisher.inTurn(hook.repository().id(), () -> receive(request, delivery, share, reading));
      }
      case HookLookup.Known(KnownHook hook) -> {
        try {
          receive(request, delivery, share, ReadDelivery.of(hook, delivery));
        } catch (RuntimeException e) {
          failed(request, delivery, share, e);
        }
      }
    }
  }

  private void receive(
      HttpServerRequest request, Delivery delivery, Share share, Future<ReadDelivery> reading) {
    try {
      switch (reading.await()) {
        case ReadDelivery.Refused(KnownHook hook, Refusal why) ->
            answer(request, delivery, share, processor.refused(delivery, hook, why));
        case ReadDelivery.Believed believed -> process(request, delivery, share, believed);
      }
    } catch (RuntimeException e) {
      failed(request, delivery, share, e);
    }
  }

  private void failed(
      HttpServerRequest request, Delivery delivery, Share share, RuntimeException why) {
    log.error("delivery={} failed", delivery.id(), why);
    answer(request, delivery, share, DeliveryResponse.FAILED);
  }

  private void receive(
      HttpServerRequest request, Delivery delivery, Share share, ReadDelivery read) {
    switch (read) {
      case ReadDelivery.Refused(KnownHook hook, Refusal why) ->
          answer(request, delivery, share, processor.refused(delivery, hook, why));
      case ReadDelivery.Believed believed ->
          publisher.inTurn(
              believed.genuine().hook().repository().id(),
              () -> processAtOnce(request, delivery, share, believed),
              () -> process(request, delivery, share, believed));
    }
  }

  /** On the event loop; whether it could. */
  private boolean processAtOnce(
      HttpServerRequest request, Delivery delivery, Share share, ReadDelivery.Believed believed) {
    Optional<CompletableFuture<DeliveryResponse>> answering =
        processor.receiveAtOnce(delivery, believed.genuine(), believed.content());
    if (answering.isEmpty()) {
      return false;
    }
    Context eventLoop = vertx.getOrCreateContext();
    CompletableFuture<Void> unused =
        answering
            .get()
            .exceptionally(
                failure -> {
                  log.error("delivery={} failed", delivery.id(), failure);
                  return DeliveryResponse.FAILED;
                })
            .thenAccept(
                answer ->
                    eventLoop.runOnContext(
                        now ->
                            answer(
                                request,
                                delivery,
                                share,
                                answer,
                                text(answer, believed.content()))));
    return true;
  }

  private void process(
      HttpServerRequest request, Delivery delivery, Share share, ReadDelivery.Believed believed) {
    DeliveryResponse answer = received(delivery, believed.genuine(), believed.content());
    answer(request, delivery, share, answer, text(answer, believed.content()));
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
    return switch (content) {
      case Content.Unusable(DeliveryResponse unused, String why) -> why;
      case Content.AllUnread(UnreadChanges unread) -> unread.inWords().orElseGet(answer::text);
      case Content.Changes changes -> answer.text();
      case Content.Nothing nothing -> answer.text();
      case Content.Foreign() -> answer.text();
    };
  }

  private void answer(
      HttpServerRequest request, Delivery delivery, Share share, DeliveryResponse answer) {
    answer(request, delivery, share, answer, answer.text());
  }

  private void answer(
      HttpServerRequest request,
      Delivery delivery,
      Share share,
      DeliveryResponse answer,
      String text) {
    share.close();
    lineOf(delivery, answer)
        .ifPresent(
            leftOut ->
                log.info(
                    "delivery={} answer={} reason={} hook={} event={} attempt={} bytes={} trace={}"
                        + " leftOut={}",
                    delivery.id(),
                    answer.status(),
                    answer.reason(),
                    delivery.hook().text(),
                    delivery.headers().eventKey(),
                    delivery.headers().attempt(),
                    delivery.body().length,
                    delivery.headers().trace().trace(),
                    leftOut));
    responder.send(request, answer, text, delivery.begunAt());
  }
}
