package sh.cinch.statusworker.history;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import sh.cinch.service.database.Database;
import sh.cinch.statusworker.history.Finding.Kind;
import sh.cinch.statusworker.history.Wire.Post;

/**
 * Faults as a status-worker might have them. They are planted around it, in its tables and on its
 * way to Bitbucket, so that nothing of it has to know of them.
 *
 * @param foundAs what it must be found as; one of these is enough
 */
record PlantedFault(String name, Wire.Meddler meddler, Optional<Spoilt> spoilt, Set<Kind> foundAs) {

  static final List<PlantedFault> ALL =
      List.of(
          spoiling(
              "the intake passes over how builds end",
              new Spoilt("build_report", "insert", "if new.final then return null; end if;"),
              Kind.STATE,
              Kind.MISSING),
          spoiling(
              "a late «running» covers how its build ended",
              new Spoilt("build_report", "insert", "new.final := false;"),
              Kind.STATE),
          spoiling(
              "sequences are not looked at",
              new Spoilt("build_report", "insert", "new.sequence := null;"),
              Kind.STATE,
              Kind.BACKWARDS),
          spoiling(
              "a request that was not answered is believed to have landed",
              new Spoilt(
                  "status",
                  "update",
                  "if new.progress = 'waiting' and new.http_status is null then"
                      + " new.due_at := null; end if;"),
              Kind.STATE,
              Kind.MISSING),
          posting(
              "it says that it has posted, and has not",
              (post, forward) ->
                  post.body.getString("state").equals("INPROGRESS")
                      ? forward.applyAsInt(post.body)
                      : 201,
              Kind.STATE,
              Kind.MISSING),
          posting(
              "what is not known to be bad counts as good",
              (post, forward) ->
                  forward.applyAsInt(
                      post.body.getString("state").equals("STOPPED")
                          ? post.body.copy().put("state", "SUCCESSFUL")
                          : post.body),
              Kind.TEXT),
          posting(
              "all refs of a key have that key",
              (post, forward) ->
                  forward.applyAsInt(
                      post.body.copy().put("key", post.key().replaceFirst("-[0-9a-f]{10}$", ""))),
              Kind.STATE,
              Kind.MISSING,
              Kind.STRAY),
          posting(
              "two post one status: the older state again, then the newer",
              new OldAgain(),
              Kind.BACKWARDS));

  /** What becomes of a row of a table before it is written. */
  private record Spoilt(String table, String on, String change) {}

  private static PlantedFault spoiling(String name, Spoilt spoilt, Kind... foundAs) {
    return new PlantedFault(
        name,
        (post, forward) -> forward.applyAsInt(post.body),
        Optional.of(spoilt),
        Set.of(foundAs));
  }

  private static PlantedFault posting(String name, Wire.Meddler meddler, Kind... foundAs) {
    return new PlantedFault(name, meddler, Optional.empty(), Set.of(foundAs));
  }

  private static final class OldAgain implements Wire.Meddler {

    private final Map<String, JsonObject> last = new ConcurrentHashMap<>();

    @Override
    public int meddle(Post post, ToIntFunction<JsonObject> forward) {
      int status = forward.applyAsInt(post.body);
      JsonObject before = last.put(post.commit + post.key(), post.body);
      if (before == null || status / 100 != 2 || before.equals(post.body)) {
        return status;
      }
      int unused = forward.applyAsInt(before);
      return forward.applyAsInt(post.body);
    }
  }

  /** Has the tables spoil what is of these histories. */
  void plant(Database database, List<History> histories) {
    spoilt.ifPresent(
        one -> {
          String function = "planted_" + ALL.indexOf(this);
          String ids =
              String.join(
                  ", ", histories.stream().map(history -> "'" + history.id() + "'").toList());
          int unused =
              database
                  .sql()
                  .execute(
                      """
                      create or replace function status_worker.%1$s() returns trigger
                      language plpgsql as $$
                      begin
                        if new.repository_id in (%2$s) then %3$s end if;
                        return new;
                      end $$;
                      create or replace trigger %1$s before %4$s on status_worker.%5$s
                        for each row execute function status_worker.%1$s();
                      """
                          .formatted(function, ids, one.change(), one.on(), one.table()));
        });
  }

  @Override
  public String toString() {
    return name;
  }
}
