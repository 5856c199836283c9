package sh.cinch.releaseworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.release_worker.Tables.DOWNLOAD;
import static sh.cinch.database.release_worker.Tables.RELEASE;
import static sh.cinch.database.release_worker.Tables.RELEASE_FILE;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.DSLContext;
import org.jooq.JSONB;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.releaseworker.releases.OldReleases;
import sh.cinch.service.database.Database;
import sh.cinch.service.database.DatabaseSettings;
import sh.cinch.service.secret.Secret;
import sh.cinch.testkit.TestServers;

/** What has ended goes once it is old, and nothing that may still be needed. */
class OldReleasesTest {

  private static final Instant BEFORE = Instant.parse("2026-11-29T12:00:00Z");
  private static final Instant LONG_AGO = BEFORE.minusSeconds(1);

  @SuppressWarnings("NullAway.Init")
  private static Database database;

  private final OldReleases old = new OldReleases();
  private final UUID repository = UUID.randomUUID();

  @BeforeAll
  static void open() {
    var postgres = TestServers.shared().freshDatabase();
    database =
        Database.open(
            new DatabaseSettings(postgres.url(), postgres.user(), Secret.of(postgres.password())));
  }

  @AfterAll
  static void close() {
    database.close();
  }

  @BeforeEach
  void empty() {
    database.sql().execute("truncate release_worker.release cascade");
    database.sql().truncate(DOWNLOAD).execute();
  }

  @Test
  void whatIsOldGoesInBatchesTheOldestFirst() {
    for (int i = 0; i < 25; i++) {
      String state = List.of("delivered", "superseded", "failed").get(i % 3);
      download(release(UUID.randomUUID(), state, LONG_AGO.minusSeconds(i)), "app");
    }
    String younger = release(repository, "delivered", BEFORE);
    download(younger, "app");

    assertThat(old.delete(database, BEFORE, 10)).isEqualTo(10);
    assertThat(
            database.sql().fetchCount(RELEASE, RELEASE.RECORDED_AT.lt(LONG_AGO.minusSeconds(14))))
        .isZero();
    assertThat(old.delete(database, BEFORE, 10)).isEqualTo(10);
    assertThat(old.delete(database, BEFORE, 10)).isEqualTo(5);

    assertThat(database.sql().fetchSingle(RELEASE).getId()).isEqualTo(younger);
    assertThat(database.sql().fetchSingle(RELEASE_FILE).getReleaseId()).isEqualTo(younger);
    assertThat(database.sql().fetchSingle(DOWNLOAD).getReleaseId()).isEqualTo(younger);
  }

  @ParameterizedTest
  @ValueSource(strings = {"requested", "sending"})
  void nothingOfARepositoryGoesWhileAReleaseOfItIsUnderWay(String state) {
    download(release(repository, "delivered", LONG_AGO), "app");
    String underWay = release(repository, state, BEFORE.plusSeconds(9));

    assertThat(old.delete(database, BEFORE, 10)).isZero();
    database
        .sql()
        .update(RELEASE)
        .set(RELEASE.STATE, "failed")
        .set(RELEASE.PUBLISHED, "1 failed ")
        .execute();

    assertThat(old.delete(database, BEFORE, 10)).isEqualTo(1);
    assertThat(database.sql().fetchSingle(RELEASE).getId()).isEqualTo(underWay);
  }

  @Test
  void whatIsDueStays() {
    release(repository, "failed", LONG_AGO);
    database.sql().update(RELEASE).set(RELEASE.DUE_AT, LONG_AGO).execute();

    assertThat(old.delete(database, BEFORE, 10)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"due_at = now()", "begun_sha256 = 'x'", "doomed = 'x'"})
  void whatMayHaveLeftSomethingInTheDownloadsStays(String state) {
    String release = release(repository, "failed", LONG_AGO);
    download(release, "app");
    download(release, "lib");
    database.sql().execute("update release_worker.download set " + state + " where name = 'lib'");

    assertThat(old.delete(database, BEFORE, 10)).isZero();

    assertThat(database.sql().fetchCount(DOWNLOAD)).isEqualTo(2);
    assertThat(database.sql().fetchCount(RELEASE_FILE)).isEqualTo(1);
  }

  @Test
  void whatAYoungerReleaseHasOfADownloadStays() {
    String older = release(repository, "superseded", LONG_AGO);
    String younger = release(repository, "delivered", BEFORE);
    download(younger, "app");

    assertThat(old.delete(database, BEFORE, 10)).isEqualTo(1);

    assertThat(database.sql().fetchExists(RELEASE, RELEASE.ID.eq(older))).isFalse();
    assertThat(database.sql().fetchSingle(DOWNLOAD).getReleaseId()).isEqualTo(younger);
  }

  @Test
  void whatSomebodyHoldsStaysAndIsNotWaitedFor() {
    String held = release(repository, "delivered", LONG_AGO);
    String itsDownload = release(UUID.randomUUID(), "delivered", LONG_AGO);
    download(itsDownload, "app");
    release(UUID.randomUUID(), "delivered", LONG_AGO);

    database.write(
        other -> {
          other.selectFrom(RELEASE).where(RELEASE.ID.eq(held)).forUpdate().fetch();
          other.selectFrom(DOWNLOAD).forUpdate().fetch();
          assertThat(old.delete(database, BEFORE, 10)).isEqualTo(1);
        });

    assertThat(old.delete(database, BEFORE, 10)).isEqualTo(2);
  }

  @Test
  void instancesAtOnceDeleteEverythingOnce() throws Exception {
    database.write(
        sql -> {
          for (int i = 0; i < 300; i++) {
            String release = release(sql, UUID.randomUUID(), "delivered", LONG_AGO);
            download(sql, release, "app");
          }
        });

    List<Future<Integer>> instances = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 3; i++) {
        instances.add(threads.submit(this::deleteAll));
      }
    }
    int deleted = deleteAll();
    for (Future<Integer> instance : instances) {
      deleted += instance.get();
    }

    assertThat(deleted).isEqualTo(300);
    assertThat(database.sql().fetchCount(DOWNLOAD)).isZero();
  }

  /** What lies there is not known any more: it is sent again, and said to be replaced. */
  @Test
  void aLaterReleaseOfTheSameNameIsRightWithoutTheForgottenOne() {
    Project project = Project.connected();
    Database working = Stack.SHARED.context.database();
    byte[] first = Project.bytes(1, 1_000);
    project.await(project.ask(project.request("app", first)), DELIVERED);
    Instant soon = Instant.now().plus(Duration.ofMinutes(1));

    for (byte[] content : List.of(first, Project.bytes(2, 2_000))) {
      assertThat(old.delete(working, soon, 1_000)).isPositive();
      assertThat(
              working
                  .sql()
                  .fetchCount(DOWNLOAD, DOWNLOAD.REPOSITORY_ID.eq(project.repository.id())))
          .isZero();
      String event = project.ask(project.request("app", content));

      assertThat(project.await(event, DELIVERED).warnings())
          .singleElement()
          .asString()
          .startsWith("app replaces the one that is there");
      assertThat(project.stored("app").sha256()).isEqualTo(Project.sha256(content));
    }
  }

  /** An instance of release 0.1.0 ended it: that is published first. */
  @Test
  void whatIsNotPublishedStays() {
    release(UUID.randomUUID(), "delivered", LONG_AGO);
    database.sql().update(RELEASE).set(RELEASE.PUBLISHED, "1 sending ").execute();

    assertThat(deleteAll()).isZero();
  }

  private int deleteAll() {
    int deleted = 0;
    int batch;
    do {
      batch = old.delete(database, BEFORE, 20);
      deleted += batch;
    } while (batch == 20);
    return deleted;
  }

  private static String release(UUID repository, String state, Instant recordedAt) {
    return release(database.sql(), repository, state, recordedAt);
  }

  private static String release(DSLContext sql, UUID repository, String state, Instant recordedAt) {
    String id = UUID.randomUUID().toString();
    sql.insertInto(RELEASE)
        .set(RELEASE.ID, id)
        .set(RELEASE.REPOSITORY_ID, repository)
        .set(RELEASE.TAG, Project.TAG)
        .set(RELEASE.COMMIT_HASH, "b2".repeat(20))
        .set(RELEASE.STATE, state)
        .set(RELEASE.PUBLISHED, "1 " + state + " ")
        .set(RELEASE.RECORD_PARTITION, 0)
        .set(RELEASE.RECORD_OFFSET, 0L)
        .set(RELEASE.RECORD_HEADERS, JSONB.valueOf("[]"))
        .set(RELEASE.RECORDED_AT, recordedAt)
        .set(RELEASE.TRACEPARENT, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
        .execute();
    sql.insertInto(RELEASE_FILE)
        .set(RELEASE_FILE.RELEASE_ID, id)
        .set(RELEASE_FILE.POSITION, 0)
        .set(RELEASE_FILE.NAME, "app")
        .set(RELEASE_FILE.DOWNLOAD_NAME, "app")
        .set(RELEASE_FILE.SIZE, 1L)
        .set(RELEASE_FILE.SHA256, "5e".repeat(32))
        .set(RELEASE_FILE.STATE, "delivered")
        .execute();
    return id;
  }

  private static void download(String release, String name) {
    download(database.sql(), release, name);
  }

  private static void download(DSLContext sql, String release, String name) {
    sql.insertInto(DOWNLOAD)
        .set(
            DOWNLOAD.REPOSITORY_ID,
            sql.select(RELEASE.REPOSITORY_ID)
                .from(RELEASE)
                .where(RELEASE.ID.eq(release))
                .fetchSingle()
                .value1())
        .set(DOWNLOAD.NAME, name)
        .set(DOWNLOAD.RELEASE_ID, release)
        .set(DOWNLOAD.POSITION, 0)
        .set(DOWNLOAD.VERSION, 1L)
        .execute();
  }
}
