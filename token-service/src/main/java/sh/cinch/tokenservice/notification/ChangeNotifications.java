package sh.cinch.tokenservice.notification;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import sh.cinch.service.database.Notifications;

/**
 * That something about a subject has changed: a credential, by its id, or the OAuth client. Said
 * with the change's own transaction, heard by every instance, the one that spoke among them.
 */
public final class ChangeNotifications implements Notifications.Listener {

  public static final String CHANNEL = "cinch_token_service";

  /** Hears everything. Must not block. */
  public interface Reader {

    void changed(String subject);

    /** From now on every change is heard; some may have been missed before. */
    void connected();

    /** From now on none is. */
    void disconnected();
  }

  private final List<Reader> readers = new CopyOnWriteArrayList<>();
  private final List<Runnable> looks = new CopyOnWriteArrayList<>();
  private final Map<String, Set<Subscription>> subscriptions = new ConcurrentHashMap<>();

  public void read(Reader reader) {
    readers.add(reader);
  }

  /** For whoever has to look again after something may have been missed. */
  public void whenConnectedAgain(Runnable look) {
    looks.add(look);
  }

  /** Said once the transaction commits, and not if it does not. */
  public static void tell(DSLContext transaction, String subject) {
    Notifications.tell(transaction, CHANNEL, subject);
  }

  /** Open it before looking at what one waits for, so that no change falls in between. */
  public Subscription subscribe(String subject) {
    Subscription subscription = new Subscription(subject);
    subscriptions.computeIfAbsent(subject, key -> ConcurrentHashMap.newKeySet()).add(subscription);
    return subscription;
  }

  /** What this instance has just committed it need not hear first from PostgreSQL. */
  public void committed(String subject) {
    heard(subject);
  }

  @Override
  public void heard(String payload) {
    readers.forEach(reader -> reader.changed(payload));
    subscriptions
        .getOrDefault(payload, Set.of())
        .forEach(subscription -> subscription.changes.release());
  }

  @Override
  public void connected() {
    readers.forEach(Reader::connected);
    looks.forEach(Runnable::run);
  }

  @Override
  public void disconnected() {
    readers.forEach(Reader::disconnected);
  }

  /** Waits for the next change of one subject. */
  public final class Subscription implements AutoCloseable {

    private final String subject;
    private final Semaphore changes = new Semaphore(0);

    private Subscription(String subject) {
      this.subject = subject;
    }

    /**
     * @param most returns then, too: nothing is heard while PostgreSQL is away
     */
    public void await(Duration most) {
      try {
        if (changes.tryAcquire(most.toMillis(), TimeUnit.MILLISECONDS)) {
          changes.drainPermits();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void close() {
      subscriptions.computeIfPresent(
          subject,
          (key, all) -> {
            all.remove(this);
            return all.isEmpty() ? null : all;
          });
    }
  }
}
