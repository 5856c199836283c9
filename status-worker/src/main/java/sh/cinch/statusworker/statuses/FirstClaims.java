package sh.cinch.statusworker.statuses;

import static sh.cinch.database.status_worker.Tables.STATUS;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import sh.cinch.database.status_worker.tables.records.BuildReportRecord;
import sh.cinch.database.status_worker.tables.records.StatusRecord;
import sh.cinch.service.database.Database;
import sh.cinch.statusworker.statuses.FirstTurns.Turns;

/** Claims statuses with the rows that record them: what a look would write a moment later. */
record FirstClaims(FirstTurns turns) {

  /** A row that is going to be written as claimed. */
  private record Claimed(StatusRecord row, StatusClaim claim) {

    /** Under the key that it has come to have; nobody has written it yet whom a look would find. */
    StatusClaim written() {
      StatusRecord written = row.into(STATUS);
      claim.begunWith().ifPresent(credential -> written.setPostedBy(null));
      return claim.at(written);
    }
  }

  /**
   * @param due rows that are due now and not written yet; changed in place
   * @param wanted the report that a row wants
   */
  void claim(
      DSLContext transaction,
      Instant now,
      List<StatusRecord> due,
      Function<StatusRecord, @Nullable BuildReportRecord> wanted) {
    if (due.isEmpty()) {
      return;
    }
    Turns kept = turns.keep(due.size());
    List<Claimed> claimed = new ArrayList<>();
    Database.afterwards(
        transaction,
        isCommitted ->
            kept.over(isCommitted ? claimed.stream().map(Claimed::written).toList() : List.of()));
    for (StatusRecord row : due) {
      if (claimed.size() < kept.count()) {
        StatusClaim.of(row, wanted.apply(row))
            .flatMap(free -> claim(row, free, kept, now.plus(kept.hold())))
            .ifPresent(claimed::add);
      }
    }
  }

  private static Optional<Claimed> claim(
      StatusRecord row, StatusClaim free, Turns kept, Instant until) {
    return kept.turn(free).map(credential -> claimed(row, free, credential, until));
  }

  private static Claimed claimed(
      StatusRecord row, StatusClaim free, UUID credential, Instant until) {
    boolean isBegun = free.postedBy().isEmpty();
    row.setDueAt(until);
    row.setClaim(row.getClaim() + 1);
    if (isBegun) {
      row.setPostedBy(credential);
    }
    return new Claimed(row, isBegun ? free.begunWith(credential) : free);
  }
}
