package sh.cinch.service.http;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import sh.cinch.schema.http.RequestLimits;

/**
 * The bytes of all bodies that a process has received and not answered yet, over all connections
 * and ports. Whoever sends them, of one hook, token, account or address no more than an eighth is
 * held. A small body always finds room beside large ones, and takes the place of the one that has
 * been coming in for longest where there is none: who knows a hook's address but not its secret
 * keeps nobody's deliveries out with bodies that do not come to an end. Of any thread.
 */
public final class BodiesInFlight {

  /** What a request weighs beside the bytes of its body: its head, and the objects around both. */
  static final int REQUEST = 4 * 1024;

  /** So much of one hook, token or account is not charged to the address it comes from. */
  static final int LITTLE = 64 * 1024;

  /** This part of each share no large body takes. */
  private static final int PART_FOR_SMALL = 3;

  private static final int SHARES = 8;
  private static final int PART_OF_HEAP = 16;

  private final long most;
  private final long share;
  private final Map<String, Long> held = new HashMap<>();

  /** Those still coming in, the oldest first, with what is to be done where one has to go. */
  private final Map<Share, Runnable> arriving = new LinkedHashMap<>();

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
    return new BodiesInFlight(Math.max(bytes / PART_OF_HEAP, forLargest(RequestLimits.DELIVERY)));
  }

  /** So many bytes in all that each share has room for a body so large. */
  public static long forLargest(int body) {
    return (long) SHARES * (body + REQUEST) * PART_FOR_SMALL / (PART_FOR_SMALL - 1);
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
   * @param owner whose it is: a hook, a token, an account
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
    private long ofAddress;
    private boolean closed;

    private Share(String owner, String address) {
      this.owner = owner;
      this.address = address;
    }

    /**
     * Whether there is room for the request itself; to be asked before a byte is read.
     *
     * @param displaced called where the body has to go before it {@link #isHere}; what it held is
     *     given back then
     */
    public boolean begin(Runnable displaced) {
      synchronized (BodiesInFlight.this) {
        boolean begun = take(REQUEST);
        if (begun) {
          arriving.put(this, displaced);
        }
        return begun;
      }
    }

    /** The body has come in; false where it was displaced. */
    public boolean isHere() {
      synchronized (BodiesInFlight.this) {
        arriving.remove(this);
        return !closed;
      }
    }

    /** Whether there is room for so many bytes more, which are held then. */
    public boolean take(int more) {
      synchronized (BodiesInFlight.this) {
        boolean isLittle = bytes + more <= LITTLE;
        long kept = isLittle ? 0 : share / PART_FOR_SMALL;
        while (!closed && !hasRoom(more, kept)) {
          Optional<Share> oldest = isLittle ? oldestInTheWay(more) : Optional.empty();
          if (oldest.isEmpty()) {
            return false;
          }
          oldest.get().displace();
        }
        if (closed) {
          return false;
        }
        long charged = charged(more);
        total += more;
        bytes += more;
        ofAddress += charged;
        add(owner, more);
        add(address, charged);
        return true;
      }
    }

    /**
     * @param kept of each share for small ones
     */
    private boolean hasRoom(int more, long kept) {
      long charged = charged(more);
      return total + more <= most - SHARES * kept
          && held(owner) + more <= share - kept
          && (charged == 0 || held(address) + charged <= share - kept);
    }

    /** What the address is charged with: what its owner holds beyond a little. */
    private long charged(int more) {
      if (address.equals(owner)) {
        return 0;
      }
      long before = held(owner);
      return Math.max(0, before + more - LITTLE) - Math.max(0, before - LITTLE);
    }

    /** Of its own, or of all; what others send from the same address is not its to displace. */
    private Optional<Share> oldestInTheWay(int more) {
      boolean isOwnersFull = held(owner) + more > share;
      boolean isAllFull = total + more > most;
      return arriving.keySet().stream()
          .filter(other -> other != this)
          .filter(other -> isOwnersFull ? other.owner.equals(owner) : isAllFull)
          .findFirst();
    }

    private void displace() {
      Runnable displaced = arriving.get(this);
      close();
      if (displaced != null) {
        displaced.run();
      }
    }

    private long held(String holder) {
      return held.getOrDefault(holder, 0L);
    }

    /** As often as one likes. */
    @Override
    public void close() {
      synchronized (BodiesInFlight.this) {
        if (!closed) {
          closed = true;
          arriving.remove(this);
          total -= bytes;
          add(owner, -bytes);
          add(address, -ofAddress);
        }
      }
    }

    private void add(String holder, long more) {
      if (more != 0) {
        held.merge(holder, more, (before, added) -> before + added == 0 ? null : before + added);
      }
    }
  }
}
