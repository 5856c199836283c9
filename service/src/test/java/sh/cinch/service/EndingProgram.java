package sh.cinch.service;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.ext.web.Router;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import sh.cinch.service.due.Loop;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.http.HttpBounds;

/** A process that cannot go on, run by tests in a JVM of its own. */
final class EndingProgram {

  private EndingProgram() {}

  public static void main(String[] arguments) {
    AutoCloseable service =
        switch (arguments[0]) {
          case "stuck" -> () -> new CountDownLatch(1).await();
          default -> () -> {};
        };
    System.exit(
        ServiceProcess.run(
            "test",
            () -> {
              whileItStarts(arguments);
              return service;
            },
            Duration.ofMillis(300)));
  }

  private static void whileItStarts(String[] arguments) {
    switch (arguments[0]) {
      case "in a thread" -> Thread.ofVirtual().start(EndingProgram::takeAll);
      case "in a loop" -> loop(EndingProgram::takeAll);
      case "in what a loop waits for" ->
          loop(() -> CompletableFuture.runAsync(EndingProgram::takeAll).join());
      case "on an event loop" -> ServiceContext.eventLoops().runOnContext(now -> takeAll());
      case "in a route" -> route();
      case "supervised" -> LastResort.endWith(Long.parseLong(arguments[1]));
      case "stuck" -> {}
      default -> takeAll();
    }
  }

  private static void loop(Runnable step) {
    var unused =
        Loop.start(
            "greedy",
            () -> {
              step.run();
              return false;
            },
            Duration.ofHours(1));
  }

  private static void route() {
    Vertx vertx = ServiceContext.eventLoops();
    Router router = Router.router(vertx);
    router.route("/").handler(context -> takeAll());
    router.route().failureHandler(context -> context.response().end("all is well"));
    int port =
        RunningService.listening(
                vertx,
                HttpBounds.ofThisProcess(),
                new HttpServerOptions().setHost("127.0.0.1").setPort(0),
                router)
            .actualPort();
    var unused =
        HttpClient.newHttpClient()
            .sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port)).build(),
                BodyHandlers.ofString());
  }

  private static void takeAll() {
    long[] unused = new long[Integer.MAX_VALUE / 2];
  }
}
