package sh.cinch.statusworker;

import java.io.PrintStream;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.flywaydb.core.api.FlywayException;
import org.jooq.exception.DataAccessException;
import sh.cinch.schema.text.Visible;
import sh.cinch.service.ServiceProcess;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.statusworker.statuses.HandBack;

/** {@code ./cinch status-worker hand-back}. Goes with release 0.1.0's tables. */
final class HandBackCommand {

  private static final String USAGE =
      """
      Usage: cinch status-worker              runs a status-worker
             cinch status-worker hand-back    before going back to release 0.1.0

      hand-back gives release 0.1.0 the statuses that this release has moved over: all that was
      reported of them, what they should show, and whether that is posted. Run it once, after the
      last status-worker of this release has stopped and before the first of 0.1.0 starts. It needs
      CINCH_DATABASE_URL, CINCH_DATABASE_USER and CINCH_DATABASE_PASSWORD as the status-worker has
      them, and changes nothing but rows: run again, it goes over what was touched since.

      0.1.0 has one status for a key. It goes on with that of the ref that was reported first; those
      of further refs stay as they are on Bitbucket, and what is due of them is posted once this
      release is back. To come forward again, start this release as at first: it takes up by itself
      what 0.1.0 has recorded and posted.

      Exit codes: 0 done; 1 not done, or a status-worker of this release is at work; 2 wrong
      arguments or settings.
      """;

  private HandBackCommand() {}

  /**
   * @return the exit code
   */
  static int run(
      List<String> arguments, Map<String, String> environment, PrintStream out, PrintStream err) {
    if (arguments.equals(List.of("--help")) || arguments.equals(List.of("hand-back", "--help"))) {
      out.print(USAGE);
      return 0;
    }
    if (!arguments.equals(List.of("hand-back"))) {
      err.print(USAGE);
      return 2;
    }
    ServiceProcess.logInOneFormat();
    try (Database database = Database.open(Environment.read(environment, DatabaseSettings::from))) {
      return tell(new HandBack(database, InstantSource.system()).run(), out, err);
    } catch (ConfigurationException e) {
      err.println("hand-back cannot start. " + Visible.lines(String.valueOf(e.getMessage())));
      return 2;
    } catch (DataAccessException | FlywayException e) {
      err.println(
          "hand-back was not done, run it again: "
              + Visible.oneLine(String.valueOf(e.getMessage())));
      return 1;
    }
  }

  private static int tell(HandBack.Result result, PrintStream out, PrintStream err) {
    out.println("handed back to release 0.1.0: %d statuses".formatted(result.statuses()));
    out.println("  of these wait to be posted by it: %d".formatted(result.due()));
    out.println(
        "of further refs, which wait until this release is back: %d".formatted(result.further()));
    if (result.held() > 0) {
      err.println(
          "A status-worker of this release is at work, and has taken %d again. Stop it, then run this once more."
              .formatted(result.held()));
      return 1;
    }
    return 0;
  }
}
