package sh.cinch.testkit;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** Tests wait as long as a machine under load may need, where they do not say how long. */
public final class Patience implements LauncherSessionListener {

  private static final Duration UNDER_LOAD = Duration.ofSeconds(40);

  @Override
  public void launcherSessionOpened(LauncherSession session) {
    Awaitility.setDefaultTimeout(UNDER_LOAD);
  }
}
