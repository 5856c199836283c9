package sh.cinch.service.database;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.service.exit.LastResort;
import sh.cinch.service.health.Check;
import sh.cinch.service.health.Checked;
import sh.cinch.service.health.StuckWatch;

/**
 * What other instances say over PostgreSQL ({@code LISTEN}, {@code NOTIFY}), heard on a connection
 * of its own. What is said while nobody listens is gone: the listener is told when that may have
 * been so.
 */
public final class Notifications implements Checked, AutoCloseable {

  /** Called on the one thread that listens. */
  public interface Listener {

    void heard(String payload);

    /** From now on everything is heard; what was said before may have been missed. */
    void connected();

    /** From now on nothing is heard. */
    void disconnected();
  }

  private static final Logger log = LoggerFactory.getLogger(Notifications.class);
  private static final Duration LOOK = Duration.ofMillis(250);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
  private static final int LOOKS_BETWEEN_PROOFS = 20;
  private static final int PROOF_SECONDS = 3;

  private final Database database;
  private final String channel;
  private final Listener listener;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final StuckWatch stuck = new StuckWatch();
  private final Thread thread;
  private volatile @Nullable Connection listening;

  private Notifications(Database database, String channel, Listener listener) {
    this.database = database;
    this.channel = channel;
    this.listener = listener;
    // No virtual thread: it waits in the driver, for as long as the service runs.
    this.thread =
        Thread.ofPlatform()
            .name("notifications")
            .daemon()
            .uncaughtExceptionHandler(LastResort.died(log, "listener"))
            .unstarted(this::listenUntilClosed);
  }

  /** Speaks when and if the transaction commits. */
  public static void tell(DSLContext transaction, String channel, String payload) {
    transaction
        .select(DSL.function("pg_notify", Object.class, DSL.val(channel), DSL.val(payload)))
        .execute();
  }

  public static Notifications start(Database database, String channel, Listener listener) {
    Notifications notifications = new Notifications(database, channel, listener);
    notifications.thread.start();
    return notifications;
  }

  private void listenUntilClosed() {
    boolean said = false;
    do {
      stuck.begins();
      try (Connection connection = database.connect()) {
        listening = connection;
        hear(connection);
      } catch (SQLException e) {
        if (!said && closing.getCount() > 0 && !Database.isAway(e)) {
          log.warn("notifications are not heard, trying again: {}", e.getMessage());
          said = true;
        }
      } finally {
        listener.disconnected();
      }
    } while (!closes(BETWEEN_TRIES));
  }

  private void hear(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "listen " + connection.unwrap(PGConnection.class).escapeIdentifier(channel));
    }
    listener.connected();
    PGConnection source = connection.unwrap(PGConnection.class);
    int looks = 0;
    while (closing.getCount() > 0) {
      stuck.begins();
      PGNotification[] heard = source.getNotifications((int) LOOK.toMillis());
      if (heard != null) {
        for (PGNotification notification : heard) {
          listener.heard(notification.getParameter());
        }
      }
      looks++;
      // A connection whose other end is gone stays silent for ever.
      if (looks % LOOKS_BETWEEN_PROOFS == 0 && !connection.isValid(PROOF_SECONDS)) {
        throw new SQLException("the connection went silent");
      }
    }
  }

  private boolean closes(Duration within) {
    try {
      return closing.await(within.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true;
    }
  }

  @Override
  public Check check() {
    return stuck.check("the listener", thread);
  }

  @Override
  public void close() {
    closing.countDown();
    Connection connection = listening;
    try {
      if (connection != null) {
        // Or it would go on waiting for what it is not going to use.
        connection.abort(Runnable::run);
      }
      thread.join(LOOK.plusSeconds(PROOF_SECONDS));
    } catch (SQLException e) {
      log.debug("the connection was closed already", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
