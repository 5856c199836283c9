package sh.cinch.benchmark.stand;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;

/**
 * A Vert.x with one event loop, and what that loop has taken of the processor: of all figures the
 * one that other programs on the machine disturb least.
 */
public record EventLoop(Vertx vertx, long thread) {

  public static EventLoop start() {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
    Promise<Long> thread = Promise.promise();
    vertx.runOnContext(unused -> thread.complete(Thread.currentThread().threadId()));
    Future<Long> known = thread.future();
    return new EventLoop(vertx, known.await());
  }

  public long cpuNanos() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean threads
        ? threads.getThreadCpuTime(thread)
        : 0;
  }
}
