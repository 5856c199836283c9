package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.noCondition;
import static org.jooq.impl.DSL.row;
import static sh.cinch.database.ingress.Tables.RELEASE;
import static sh.cinch.database.ingress.Tables.RELEASE_FILE;

import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.ReleaseFileRecord;
import sh.cinch.database.ingress.tables.records.ReleaseRecord;
import sh.cinch.ingress.paging.Cursor;
import sh.cinch.ingress.paging.Page;
import sh.cinch.service.database.Database;

/** Reads releases as they are shown, always newest first. Blocks. */
public final class Releases {

  private final Database database;

  public Releases(Database database) {
    this.database = database;
  }

  public Optional<ReleaseRow> find(String id) {
    return Stored.isId(id) ? releases(RELEASE.ID.eq(id), 1).stream().findFirst() : Optional.empty();
  }

  /** Of all these repositories together. */
  public List<ReleaseRow> newest(Collection<UUID> repositories, int limit) {
    return releases(RELEASE.REPOSITORY_ID.in(repositories), limit);
  }

  public Page<ReleaseRow> page(UUID repository, int limit, Optional<Cursor> cursor) {
    Condition after =
        cursor
            .<Condition>map(
                last -> row(RELEASE.REQUESTED_AT, RELEASE.ID).lt(row(last.at(), last.id())))
            .orElseGet(() -> noCondition());
    return Page.of(
        releases(RELEASE.REPOSITORY_ID.eq(repository).and(after), limit + 1),
        limit,
        last -> new Cursor(last.requestedAt(), last.id()));
  }

  private List<ReleaseRow> releases(Condition which, int limit) {
    Result<ReleaseRecord> rows =
        database
            .sql()
            .selectFrom(RELEASE)
            .where(which)
            .orderBy(RELEASE.REQUESTED_AT.desc(), RELEASE.ID.desc())
            .limit(limit)
            .fetch();
    Map<String, Result<ReleaseFileRecord>> files =
        database
            .sql()
            .selectFrom(RELEASE_FILE)
            .where(RELEASE_FILE.RELEASE_ID.in(rows.getValues(RELEASE.ID)))
            .orderBy(RELEASE_FILE.POSITION.asc().nullsLast(), RELEASE_FILE.NAME)
            .fetchGroups(RELEASE_FILE.RELEASE_ID);
    return rows.map(
        release ->
            release(release, Objects.requireNonNullElse(files.get(release.getId()), List.of())));
  }

  private static ReleaseRow release(ReleaseRecord row, List<ReleaseFileRecord> files) {
    Instant reopened = row.getReopenedAt();
    boolean current = isCurrent(row.getOutcomeSeenAt(), reopened);
    String state = current ? row.getOutcome() : ReleaseRow.REQUESTED;
    return new ReleaseRow(
        row.getId(),
        row.getRepositoryId(),
        Optional.ofNullable(row.getTag()),
        Optional.ofNullable(row.getCommitHash()),
        state,
        Optional.ofNullable(row.getReason()).filter(reason -> current),
        current ? Arrays.asList(row.getWarnings()) : List.of(),
        files.stream()
            .filter(file -> row.getAskedAt() == null || file.getPosition() != null)
            .map(file -> file(file, state, reopened))
            .toList(),
        row.getRequestedAt(),
        row.getUpdatedAt());
  }

  private static ReleaseRow.File file(
      ReleaseFileRecord row, String release, @Nullable Instant reopened) {
    boolean current = isCurrent(row.getOutcomeSeenAt(), reopened);
    return new ReleaseRow.File(
        row.getName(),
        Optional.ofNullable(row.getDownloadName()),
        Optional.ofNullable(row.getSize()),
        Optional.ofNullable(row.getSha256()),
        current ? row.getOutcome() : untold(release),
        Optional.ofNullable(row.getHttpStatus()).filter(status -> current),
        current ? row.getAttempts() : 0,
        Optional.ofNullable(row.getReason()).filter(reason -> current),
        current ? Arrays.asList(row.getWarnings()) : List.of());
  }

  /** What a file has come to that nobody told of: what its release has, if that is over. */
  private static String untold(String release) {
    return release.equals(ReleaseRow.WAITING) ? ReleaseRow.REQUESTED : release;
  }

  private static boolean isCurrent(@Nullable Instant seenAt, @Nullable Instant reopened) {
    return seenAt != null && (reopened == null || !seenAt.isBefore(reopened));
  }
}
