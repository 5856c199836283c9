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
import sh.cinch.database.status_worker.tables.records.PushRecord;
import sh.cinch.schema.event.BuildState;
import sh.cinch.service.database.Given;

/** Where builds of some commits came from, looked up together. */
public final class Origins {

  private static final Origin UNKNOWN = new Origin(null, null);

  private final Map<Commit, List<PushRecord>> pushes;

  /** A commit of a repository. */
  public record Commit(UUID repository, String hash) {}

  private Origins(Map<Commit, List<PushRecord>> pushes) {
    this.pushes = pushes;
  }

  public static Origins of(DSLContext sql, Collection<Commit> commits) {
    Given<Commit> given =
        new Given<>(commits.stream().distinct().toList())
            .with(PUSH.REPOSITORY_ID, Commit::repository)
            .with(PUSH.COMMIT_HASH, Commit::hash);
    return new Origins(
        sql
            .select(PUSH.fields())
            .from(given.table())
            .join(PUSH)
            .on(given.is(PUSH.REPOSITORY_ID, PUSH.COMMIT_HASH))
            .fetchInto(PUSH)
            .stream()
            .collect(groupingBy(push -> new Commit(push.getRepositoryId(), push.getCommitHash()))));
  }

  /** As the runner says; where it says neither, the newest push of that commit, best of its ref. */
  public Origin of(UUID repository, BuildState build) {
    if (build.deliveryId() != null || build.pushId() != null) {
      return new Origin(build.deliveryId(), build.pushId());
    }
    String ref = Objects.requireNonNullElse(build.ref(), "");
    return pushes.getOrDefault(new Commit(repository, build.commit()), List.of()).stream()
        .max(
            Comparator.<PushRecord, Boolean>comparing(push -> push.getRef().equals(ref))
                .thenComparing(PushRecord::getReceivedAt))
        .map(push -> new Origin(push.getDeliveryId(), push.getPushId()))
        .orElse(UNKNOWN);
  }
}
