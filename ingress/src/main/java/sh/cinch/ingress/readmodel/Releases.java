package sh.cinch.ingress.readmodel;

import static sh.cinch.database.ingress.Tables.RELEASE;
import static sh.cinch.database.ingress.Tables.RELEASE_FILE;
import static sh.cinch.database.ingress.Tables.REPOSITORY;

import java.net.URI;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.Result;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.ingress.tables.records.ReleaseFileRecord;
import sh.cinch.database.ingress.tables.records.ReleaseRecord;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.forge.Site;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.service.database.Database;

/** Reads releases as they are shown, always newest first. Blocks. */
public final class Releases {

  private static final PagedList LIST = new PagedList("releases", RELEASE.REQUESTED_AT, RELEASE.ID);

  private final Database database;
  private final Site site;

  /**
   * @param site where people find a repository's downloads
   */
  public Releases(Database database, Site site) {
    this.database = database;
    this.site = site;
  }

  public Optional<ReleaseRow> find(String id) {
    return Stored.isId(id)
        ? page(RELEASE.ID.eq(id), PageRequest.first(1)).items().stream().findFirst()
        : Optional.empty();
  }

  /** Of all these repositories together. */
  public Page<ReleaseRow> page(Collection<UUID> repositories, PageRequest request) {
    return page(RELEASE.REPOSITORY_ID.in(repositories), request);
  }

  private Page<ReleaseRow> page(Condition which, PageRequest request) {
    Page<Record> page =
        LIST.page(
            database
                .sql()
                .select()
                .from(RELEASE)
                .join(REPOSITORY)
                .on(REPOSITORY.ID.eq(RELEASE.REPOSITORY_ID))
                .where(which),
            request);
    Map<String, Result<ReleaseFileRecord>> files =
        database
            .sql()
            .selectFrom(RELEASE_FILE)
            .where(
                RELEASE_FILE.RELEASE_ID.in(
                    page.items().stream().map(row -> row.get(RELEASE.ID)).toList()))
            .orderBy(RELEASE_FILE.POSITION.asc().nullsLast(), RELEASE_FILE.NAME)
            .fetchGroups(RELEASE_FILE.RELEASE_ID);
    return page.map(
        row ->
            release(
                row.into(RELEASE),
                row.into(REPOSITORY),
                Objects.requireNonNullElse(files.get(row.get(RELEASE.ID)), List.of())));
  }

  private ReleaseRow release(
      ReleaseRecord row, RepositoryRecord repository, List<ReleaseFileRecord> files) {
    Instant reopened = row.getReopenedAt();
    boolean current = isCurrent(row.getOutcomeSeenAt(), reopened);
    String state = current ? row.getOutcome() : ReleaseRow.REQUESTED;
    return new ReleaseRow(
        row.getId(),
        new ReleaseRow.Named(repository.getId(), repository.getForge(), repository.getFullName()),
        Optional.ofNullable(row.getTag()),
        Optional.ofNullable(row.getCommitHash()),
        state,
        Optional.ofNullable(row.getReason()).filter(reason -> current),
        current ? Arrays.asList(row.getWarnings()) : List.of(),
        files.stream()
            .filter(file -> row.getAskedAt() == null || file.getPosition() != null)
            .map(file -> file(file, state, reopened, repository.getFullName()))
            .toList(),
        row.getRequestedAt(),
        row.getUpdatedAt());
  }

  private ReleaseRow.File file(
      ReleaseFileRecord row, String release, @Nullable Instant reopened, String repository) {
    boolean current = isCurrent(row.getOutcomeSeenAt(), reopened);
    String state = current ? row.getOutcome() : untold(release);
    Optional<String> download = Optional.ofNullable(row.getDownloadName());
    return new ReleaseRow.File(
        row.getName(),
        download,
        Optional.ofNullable(row.getSize()),
        Optional.ofNullable(row.getSha256()),
        state,
        Optional.ofNullable(row.getHttpStatus()).filter(status -> current),
        current ? row.getAttempts() : 0,
        Optional.ofNullable(row.getReason()).filter(reason -> current),
        current ? Arrays.asList(row.getWarnings()) : List.of(),
        download
            .filter(name -> state.equals(ReleaseRow.DELIVERED))
            .map(name -> URI.create(site.downloadPage(repository, name))));
  }

  /** What a file has come to that nobody told of: what its release has, if that is over. */
  private static String untold(String release) {
    return release.equals(ReleaseRow.WAITING) ? ReleaseRow.REQUESTED : release;
  }

  private static boolean isCurrent(@Nullable Instant seenAt, @Nullable Instant reopened) {
    return seenAt != null && (reopened == null || !seenAt.isBefore(reopened));
  }
}
