package sh.cinch.forge.cloud;

import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sh.cinch.bitbucket.client.Listed;
import sh.cinch.forge.Cause;
import sh.cinch.forge.ForgeResult;
import sh.cinch.service.due.BackOff;
import sh.cinch.service.log.Repetitions;

/**
 * Entries of Bitbucket's lists that could not be read and were left out. Each list says it in one
 * line of the log, without what stands in them.
 */
final class OddEntries {

  private static final Logger log = LoggerFactory.getLogger(OddEntries.class);

  private final Repetitions<String> written;

  OddEntries(InstantSource clock) {
    written = new Repetitions<>(clock);
  }

  /**
   * @param what the list is of
   */
  <T> Listed<T> told(String what, Listed<T> list) {
    if (list.leftOut() > 0) {
      written
          .next(what)
          .ifPresent(
              before ->
                  log.warn(
                      "left out what could not be read of a list of Bitbucket's list={} entries={}"
                          + " linesLeftOut={}",
                      what,
                      list.leftOut(),
                      before));
    }
    return list;
  }

  /** What a list has; where it does not show it, that is known only if all of it could be read. */
  <T> ForgeResult<Optional<T>> find(
      String what, ForgeResult<Listed<T>> result, Predicate<T> wanted) {
    if (!(result instanceof ForgeResult.Done<Listed<T>>(var list, var status))) {
      return result.notDone();
    }
    Optional<T> found = told(what, list).items().stream().filter(wanted).findFirst();
    return found.isPresent() || list.leftOut() == 0
        ? new ForgeResult.Done<>(found, status)
        : unreadable(what, list.leftOut());
  }

  static <T> ForgeResult<T> unreadable(String what, int count) {
    return new ForgeResult.Later<>(
        Cause.FORGE,
        OptionalInt.of(200),
        "%d of the %s that Bitbucket lists could not be read, so that nobody can tell what they are"
            .formatted(count, what),
        BackOff.after(1));
  }
}
