package sh.cinch.service.http;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * All connections to the ports of a process. Where there are too many, a new one takes the place of
 * the one that has had nothing to answer for longest; where all have something, it is refused. Of
 * any thread.
 */
public final class OpenConnections {

  /** What one may take of the heap, with a head that is on its way and an answer. */
  private static final int HEAP_EACH = 128 * 1024;

  private static final int LEAST = 256;

  /** Of a connection that can be closed from any thread. */
  interface Closeable {
    void closeNow();
  }

  private final int most;
  private final Set<Closeable> waiting = new LinkedHashSet<>();
  private int open;

  public OpenConnections(int most) {
    this.most = most;
  }

  static OpenConnections ofHeap(long bytes) {
    return new OpenConnections((int) Math.clamp(bytes / HEAP_EACH, LEAST, Integer.MAX_VALUE));
  }

  public int most() {
    return most;
  }

  public synchronized int open() {
    return open;
  }

  /** Whether there is a place for it; then it waits for its first request. */
  boolean opened(Closeable connection) {
    Closeable idlest = null;
    synchronized (this) {
      if (open >= most) {
        Iterator<Closeable> oldest = waiting.iterator();
        if (!oldest.hasNext()) {
          return false;
        }
        idlest = oldest.next();
        oldest.remove();
      }
      open++;
      waiting.add(connection);
    }
    if (idlest != null) {
      idlest.closeNow();
    }
    return true;
  }

  /** A request has come in. */
  synchronized void asked(Closeable connection) {
    waiting.remove(connection);
  }

  /** It is answered. */
  synchronized void answered(Closeable connection) {
    waiting.add(connection);
  }

  synchronized void closed(Closeable connection) {
    waiting.remove(connection);
    open--;
  }
}
