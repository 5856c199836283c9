package sh.cinch.statusworker.history;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.ToIntFunction;
import sh.cinch.service.database.Database;
import sh.cinch.statusworker.history.Finding.Kind;
import sh.cinch.statusworker.history.Wire.Post;

/**
 * Faults as a status-worker might have them. They are planted around it, in its tables and on its
 * way to Bitbucket, so that nothing of it has to know of them.
 */
enum PlantedFault {
  /** The intake passes over how builds end. */
  LOST_RECORD(
      "build_report", "insert", "if new.final then return null; end if;", Kind.STATE, Kind.MISSING),

  /** A late «running» covers how its build ended. */
  NO_LAST_WORD("build_report", "insert", "new.final := false;", Kind.STATE),

  /** Sequences are not looked at. */
  ONLY_TIME("build_report", "insert", "new.sequence := null;", Kind.STATE),

  /** Nobody asks again what became of a request that was not answered. */
  BELIEVED(
      "status",
      "update",
      "if new.progress = 'waiting' and new.http_status is null then new.due_at := null; end if;",
      Kind.STATE,
      Kind.MISSING),

  /** It says that it has posted, and has not. */
  NOT_POSTED(
      (post, forward) ->
          post.body.getString("state").equals("INPROGRESS") ? forward.applyAsInt(post.body) : 201,
      Kind.STATE,
      Kind.MISSING),

  /** What is not known to be bad counts as good. */
  ALWAYS_GOOD(
      (post, forward) ->
          forward.applyAsInt(
              post.body.getString("state").equals("STOPPED")
                  ? post.body.copy().put("state", "SUCCESSFUL")
                  : post.body),
      Kind.TEXT),

  /** All refs of a key have that key. */
  ONE_KEY(
      (post, forward) ->
          forward.applyAsInt(
              post.body.copy().put("key", post.key().replaceFirst("-[0-9a-f]{10}$", ""))),
      Kind.STATE,
      Kind.MISSING,
      Kind.STRAY),

  /** Two post one status: the older state again, then the newer. */
  OLD_AGAIN(new OldAgain(), Kind.BACKWARDS);

  private final String table;
  private final String on;
  private final String change;
  private final Wire.Meddler meddler;
  private final Set<Kind> foundAs;

  PlantedFault(String table, String on, String change, Kind... foundAs) {
    this.table = table;
    this.on = on;
    this.change = change;
    this.meddler = (post, forward) -> forward.applyAsInt(post.body);
    this.foundAs = Set.of(foundAs);
  }

  PlantedFault(Wire.Meddler meddler, Kind... foundAs) {
    this.table = "";
    this.on = "";
    this.change = "";
    this.meddler = meddler;
    this.foundAs = Set.of(foundAs);
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

  /** What it must be found as; one of these is enough. */
  Set<Kind> foundAs() {
    return foundAs;
  }

  Wire.Meddler meddler() {
    return meddler;
  }

  /** Has what gives it away happen, and the tables spoil what is of these histories. */
  void plant(Database database, List<History> histories) {
    if (table.isEmpty()) {
      return;
    }
    String name = "planted_" + name().toLowerCase(Locale.ROOT);
    String ids =
        String.join(", ", histories.stream().map(history -> "'" + history.id() + "'").toList());
    int unused =
        database
            .sql()
            .execute(
                """
                create or replace function status_worker.%1$s() returns trigger language plpgsql as $$
                begin
                  if new.repository_id in (%2$s) then %3$s end if;
                  return new;
                end $$;
                create or replace trigger %1$s before %4$s on status_worker.%5$s
                  for each row execute function status_worker.%1$s();
                """
                    .formatted(name, ids, change, on, table));
  }
}
