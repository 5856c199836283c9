package sh.cinch.service.http;

import java.util.HashMap;
import java.util.Map;
import sh.cinch.schema.http.RequestLimits;

/**
 * The bytes of all bodies that a process has received and not answered yet, over all connections
 * and ports. Whoever sends them, of one hook, token, session or address no more than an eighth is
 * held. Of any thread.
 */
public final class BodiesInFlight {

  /** What a request weighs beside the bytes of its body: its head, and the objects around both. */
  static final int REQUEST = 4 * 1024;

  /** So much of one hook, token or session is not charged to the address it comes from. */
  static final int LITTLE = 64 * 1024;

  private static final int SHARES = 8;
  private static final int PART_OF_HEAP = 16;

  private final long most;
  private final long share;
  private final Map<String, Long> held = new HashMap<>();
  private long total;

  /**
   * @param most bytes in all
   */
  public BodiesInFlight(long most) {
    this.most = most;
    this.share = most / SHARES;
  }

  /** With room for eight of the largest bodies at least. */
  static BodiesInFlight ofHeap(long bytes) {
    return new BodiesInFlight(
        Math.max(bytes / PART_OF_HEAP, (long) SHARES * (RequestLimits.DELIVERY + REQUEST)));
  }

  /** How many bytes are held just now. */
  public synchronized long bytes() {
    return total;
  }

  /** How many bytes are held at most. */
  public long most() {
    return most;
  }

  /**
   * Of one body, whose sender is known by more than its address.
   *
   * @param owner whose it is: a hook, a token, a session
   */
  public Share of(String owner, ClientAddress address) {
    return new Share(owner, "address:" + address.text());
  }

  /** Of one body of which no more is known than where it comes from. */
  public Share of(ClientAddress address) {
    return new Share("address:" + address.text(), "address:" + address.text());
  }

  /** What one request holds, from its first byte until its answer. */
  public final class Share implements AutoCloseable {

    private final String owner;
    private final String address;
    private long bytes;
    private boolean closed;

    private Share(String owner, String address) {
      this.owner = owner;
      this.address = address;
    }

    /** Whether there is room for the request itself; to be asked before a byte is read. */
    public boolean begin() {
      return take(REQUEST);
    }

    /** Whether there is room for so many bytes more, which are held then. */
    public boolean take(int more) {
      synchronized (BodiesInFlight.this) {
        if (closed || !hasRoom(more)) {
          return false;
        }
        total += more;
        bytes += more;
        add(owner, more);
        if (!address.equals(owner)) {
          add(address, more);
        }
        return true;
      }
    }

    private boolean hasRoom(int more) {
      long own = held.getOrDefault(owner, 0L) + more;
      return total + more <= most
          && own <= share
          && (own <= LITTLE || held.getOrDefault(address, 0L) + more <= share);
    }

    /** As often as one likes. */
    @Override
    public void close() {
      synchronized (BodiesInFlight.this) {
        if (!closed) {
          closed = true;
          total -= bytes;
          add(owner, -bytes);
          if (!address.equals(owner)) {
            add(address, -bytes);
          }
        }
      }
    }

    private void add(String holder, long more) {
      held.merge(holder, more, (before, added) -> before + added == 0 ? null : before + added);
    }
  }
}
