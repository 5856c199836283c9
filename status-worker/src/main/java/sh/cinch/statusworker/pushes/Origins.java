package sh.cinch.statusworker.pushes;

import static java.util.stream.Collectors.groupingBy;
import static sh.cinch.database.status_worker.Tables.PUSH;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.status_worker.tables.records.PushRecord;
import sh.cinch.schema.event.BuildState;

/** Where some builds came from, looked up together. */
public final class Origins {

  private static final Origin UNKNOWN = new Origin(null, null);

  private final Map<Commit, List<PushRecord>> pushes;

  private record Commit(UUID repository, String commit) {}

  /** A build of a repository. */
  public record Built(UUID repository, BuildState build) {

    private boolean isSaid() {
      return build.deliveryId() != null || build.pushId() != null;
    }

    private Commit commit() {
      return new Commit(repository, build.commit());
    }
  }

  private Origins(Map<Commit, List<PushRecord>> pushes) {
    this.pushes = pushes;
  }

  public static Origins of(DSLContext sql, Collection<Built> builds) {
    var unsaid =
        builds.stream()
            .filter(built -> !built.isSaid())
            .map(Built::commit)
            .distinct()
            .map(commit -> DSL.row(commit.repository(), commit.commit()))
            .toList();
    return new Origins(
        unsaid.isEmpty()
            ? Map.of()
            : sql
                .selectFrom(PUSH)
                .where(DSL.row(PUSH.REPOSITORY_ID, PUSH.COMMIT_HASH).in(unsaid))
                .stream()
                .collect(
                    groupingBy(push -> new Commit(push.getRepositoryId(), push.getCommitHash()))));
  }

  /** As the runner says; where it says neither, the newest push of that commit, best of its ref. */
  public Origin of(Built built) {
    BuildState build = built.build();
    if (built.isSaid()) {
      return new Origin(build.deliveryId(), build.pushId());
    }
    String ref = Objects.requireNonNullElse(build.ref(), "");
    return pushes.getOrDefault(built.commit(), List.of()).stream()
        .max(
            Comparator.<PushRecord, Boolean>comparing(push -> push.getRef().equals(ref))
                .thenComparing(PushRecord::getReceivedAt))
        .map(push -> new Origin(push.getDeliveryId(), push.getPushId()))
        .orElse(UNKNOWN);
  }
}
