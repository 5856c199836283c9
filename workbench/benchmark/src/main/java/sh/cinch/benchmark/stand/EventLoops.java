package sh.cinch.benchmark.stand;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import java.lang.management.ManagementFactory;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/** A Vert.x with as many event loops as it usually has, and what they take of the processor. */
public record EventLoops(Vertx vertx, Set<Long> threads) implements AutoCloseable {

  public static EventLoops start() {
    VertxOptions usual = new VertxOptions();
    Vertx vertx = Vertx.vertx(usual);
    Set<Long> threads = ConcurrentHashMap.newKeySet();
    while (threads.size() < usual.getEventLoopPoolSize()) {
      // each thread that asks is given the next loop
      CountDownLatch told = new CountDownLatch(1);
      Thread.startVirtualThread(
          () ->
              vertx.runOnContext(
                  unused -> {
                    threads.add(Thread.currentThread().threadId());
                    told.countDown();
                  }));
      try {
        told.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
    return new EventLoops(vertx, Set.copyOf(threads));
  }

  public long cpuNanos() {
    return ManagementFactory.getThreadMXBean() instanceof com.sun.management.ThreadMXBean beans
        ? threads.stream().mapToLong(beans::getThreadCpuTime).sum()
        : 0;
  }

  @Override
  public void close() {
    vertx.close().await();
  }
}
