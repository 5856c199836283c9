package sh.cinch.service.http;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * All connections to the ports of a process. Where there are too many, a new one takes the place of
 * the one that has had nothing to answer for longest, or else of the one whose request has brought
 * nothing more for longest; where all are being answered, it is refused. Where too much of their
 * answers is not taken, the one that has not taken its own for longest is closed. Of any thread.
 */
public final class OpenConnections {

  /** What one may take of the heap, with a head that is on its way and an answer. */
  private static final int HEAP_EACH = 128 * 1024;

  private static final int LEAST = 256;
  private static final int PART_OF_HEAP_UNTAKEN = 16;

  /** Of a connection that can be closed from any thread. */
  interface Closeable {
    void closeNow();

    /** Soon: what has been sent already is heard, and answered if it is a request. */
    void makeWay();
  }

  private final int most;
  private final long mostUntaken;
  private final Set<Closeable> waiting = new LinkedHashSet<>();

  /** Their requests are still coming in. */
  private final Set<Closeable> arriving = new LinkedHashSet<>();

  private final Map<Closeable, Long> untaken = new LinkedHashMap<>();
  private long untakenInAll;
  private int open;

  /**
   * @param mostUntaken bytes of answers that wait for those who asked
   */
  public OpenConnections(int most, long mostUntaken) {
    this.most = most;
    this.mostUntaken = mostUntaken;
  }

  static OpenConnections ofHeap(long bytes) {
    return new OpenConnections(
        Math.clamp(bytes / HEAP_EACH, LEAST, Integer.MAX_VALUE), bytes / PART_OF_HEAP_UNTAKEN);
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
        Iterator<Closeable> oldest = (waiting.isEmpty() ? arriving : waiting).iterator();
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
      idlest.makeWay();
    }
    return true;
  }

  /** A request has come in, or its head. */
  synchronized void asked(Closeable connection, boolean isWhole) {
    waiting.remove(connection);
    if (!isWhole) {
      arriving.add(connection);
    }
  }

  /** Its body goes on to come in. */
  synchronized void goesOn(Closeable connection) {
    if (arriving.remove(connection)) {
      arriving.add(connection);
    }
  }

  /** Its body is here. */
  synchronized void isWhole(Closeable connection) {
    arriving.remove(connection);
  }

  /** So many bytes of an answer are on their way out. */
  void sending(Closeable connection, long bytes) {
    Closeable slowest = null;
    synchronized (this) {
      untaken.merge(connection, bytes, Long::sum);
      untakenInAll += bytes;
      if (untakenInAll > mostUntaken && untaken.size() > 1) {
        slowest = untaken.keySet().iterator().next();
        untakenInAll -= untaken.remove(slowest);
      }
    }
    if (slowest != null) {
      slowest.closeNow();
    }
  }

  /** They are out, or never will be. */
  synchronized void sent(Closeable connection, long bytes) {
    Long before = untaken.get(connection);
    if (before != null) {
      untakenInAll -= bytes;
      if (before == bytes) {
        untaken.remove(connection);
      } else {
        untaken.put(connection, before - bytes);
      }
    }
  }

  /** It is answered, though maybe not taken yet. */
  synchronized void answered(Closeable connection) {
    arriving.remove(connection);
    waiting.add(connection);
  }

  synchronized void closed(Closeable connection) {
    waiting.remove(connection);
    arriving.remove(connection);
    open--;
  }
}
