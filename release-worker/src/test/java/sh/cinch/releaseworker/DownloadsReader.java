package sh.cinch.releaseworker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Looks at the downloads of some repositories, one after another, all the time. */
final class DownloadsReader implements AutoCloseable {

  private static final int PAUSE_MS = 50;

  private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor();
  private final List<View> views;
  private final List<String> wrong = new CopyOnWriteArrayList<>();
  private final AtomicInteger looks = new AtomicInteger();

  DownloadsReader(List<View> views) {
    this.views = List.copyOf(views);
    var unused =
        thread.scheduleWithFixedDelay(this::look, PAUSE_MS, PAUSE_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    try {
      wrong.addAll(views.get(looks.getAndIncrement() % views.size()).look());
    } catch (Exception | Error e) {
      wrong.add(e.toString());
    }
  }

  /** Everything that was ever wrong. */
  List<String> wrong() {
    return wrong;
  }

  int looks() {
    return looks.get();
  }

  /** How many files were fetched. */
  int fetched() {
    return views.stream().mapToInt(View::fetched).sum();
  }

  /** It looks no more. */
  @Override
  public void close() {
    thread.close();
  }
}
