package sh.cinch.ingress.readmodel;

import static org.jooq.impl.DSL.select;
import static sh.cinch.database.ingress.Tables.KNOWN_RELEASE;
import static sh.cinch.database.ingress.Tables.PUSH;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.REQUESTED_RELEASE;
import static sh.cinch.service.text.EnumWord.word;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jooq.Condition;
import sh.cinch.database.ingress.tables.records.KnownReleaseRecord;
import sh.cinch.database.ingress.tables.records.RepositoryRecord;
import sh.cinch.ingress.paging.Page;
import sh.cinch.ingress.paging.PageRequest;
import sh.cinch.ingress.paging.PagedList;
import sh.cinch.schema.event.EventId;
import sh.cinch.schema.event.PushEvent;
import sh.cinch.schema.event.ReleaseEvent;
import sh.cinch.schema.event.ReleaseRequest;
import sh.cinch.schema.release.DownloadNames;
import sh.cinch.service.database.Database;

/** Reads releases as they are shown, always newest first. Blocks. */
public final class Releases {

  private static final PagedList LIST =
      new PagedList("releases", KNOWN_RELEASE.REQUESTED_AT, KNOWN_RELEASE.ID);

  private final Database database;

  public Releases(Database database) {
    this.database = database;
  }

  public Optional<ReleaseRow> find(String id) {
    return EventId.objection(id).isPresent()
        ? Optional.empty()
        : page(KNOWN_RELEASE.ID.eq(id), PageRequest.first(1)).items().stream().findFirst();
  }

  /** What was asked for under this id. */
  public Optional<ReleaseRequest> request(String id) {
    return database
        .sql()
        .select(REQUESTED_RELEASE.EVENT)
        .from(REQUESTED_RELEASE)
        .where(REQUESTED_RELEASE.ID.eq(id))
        .fetchOptional(REQUESTED_RELEASE.EVENT)
        .map(event -> StoredEvent.read(event, ReleaseRequest.class));
  }

  /** Of all these repositories together. */
  public Page<ReleaseRow> page(Collection<UUID> repositories, PageRequest request) {
    return page(KNOWN_RELEASE.REPOSITORY_ID.in(repositories), request);
  }

  /** Those of the commits that the tags of a delivery point to. */
  public List<ReleaseRow> ofDelivery(UUID repository, UUID delivery) {
    Condition itsCommits =
        KNOWN_RELEASE.COMMIT_HASH.in(
            select(PUSH.COMMIT_HASH)
                .from(PUSH)
                .where(PUSH.DELIVERY_ID.eq(delivery))
                .and(PUSH.TYPE.eq(word(PushEvent.Type.TAG))));
    return page(KNOWN_RELEASE.REPOSITORY_ID.eq(repository).and(itsCommits), Projections.MOST)
        .items();
  }

  private Page<ReleaseRow> page(Condition which, PageRequest request) {
    return LIST.page(
            database,
            sql ->
                sql.select()
                    .from(KNOWN_RELEASE)
                    .join(REPOSITORY)
                    .on(REPOSITORY.ID.eq(KNOWN_RELEASE.REPOSITORY_ID))
                    .where(which),
            request)
        .map(row -> release(row.into(KNOWN_RELEASE), row.into(REPOSITORY)));
  }

  private static ReleaseRow release(KnownReleaseRecord row, RepositoryRecord repository) {
    var named =
        new ReleaseRow.Named(repository.getId(), repository.getForge(), repository.getFullName());
    return row.getShown()
        ? shown(named, StoredEvent.read(row.getEvent(), ReleaseEvent.class))
        : requested(named, row, StoredEvent.read(row.getEvent(), ReleaseRequest.class));
  }

  private static ReleaseRow shown(ReleaseRow.Named repository, ReleaseEvent release) {
    return new ReleaseRow(
        release.id(),
        repository,
        release.tag(),
        release.commit(),
        Optional.of(release.version()),
        Optional.of(release.round()),
        release.state(),
        Optional.ofNullable(release.waitingFor()),
        Optional.ofNullable(release.nextTryAt()),
        Optional.ofNullable(release.reason()),
        release.warnings(),
        release.files().stream().map(Releases::shown).toList(),
        release.requestedAt(),
        release.at());
  }

  private static ReleaseRow.File shown(ReleaseEvent.File file) {
    return new ReleaseRow.File(
        file.name(),
        Optional.of(file.downloadName()),
        Optional.of(file.size()),
        Optional.of(file.sha256()),
        file.state(),
        Optional.ofNullable(file.httpStatus()),
        file.attempts(),
        Optional.ofNullable(file.reason()),
        file.warnings(),
        Optional.ofNullable(file.url()));
  }

  private static ReleaseRow requested(
      ReleaseRow.Named repository, KnownReleaseRecord row, ReleaseRequest request) {
    return new ReleaseRow(
        row.getId(),
        repository,
        request.tag(),
        request.commit(),
        Optional.empty(),
        Optional.empty(),
        ReleaseEvent.State.REQUESTED,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        requested(request),
        row.getRequestedAt(),
        row.getChangedAt());
  }

  private static List<ReleaseRow.File> requested(ReleaseRequest request) {
    Optional<DownloadNames> names = names(request);
    List<ReleaseRow.File> files = new ArrayList<>();
    for (ReleaseRequest.File file : request.files()) {
      int position = files.size();
      files.add(
          ReleaseRow.File.open(
              file.name(),
              names.map(found -> found.files().get(position).name()),
              Optional.of(file.size()),
              Optional.of(file.sha256())));
    }
    names
        .flatMap(DownloadNames::checksums)
        .map(
            name ->
                ReleaseRow.File.open(name, Optional.of(name), Optional.empty(), Optional.empty()))
        .ifPresent(files::add);
    return files;
  }

  /** Empty where they cannot be had: the release-worker says why. */
  private static Optional<DownloadNames> names(ReleaseRequest request) {
    try {
      return Optional.of(DownloadNames.of(request));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
