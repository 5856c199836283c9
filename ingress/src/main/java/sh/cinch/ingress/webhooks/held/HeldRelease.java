package sh.cinch.ingress.webhooks.held;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import sh.cinch.bitbucket.webhook.PushPayload;
import sh.cinch.bitbucket.webhook.RefChange;
import sh.cinch.ingress.heads.KnownHead;
import sh.cinch.ingress.heads.KnownHeads;
import sh.cinch.ingress.webhooks.delivery.LoggedDelivery;
import sh.cinch.ingress.webhooks.hook.KnownHook.HookedRepository;
import sh.cinch.service.database.Database;

/**
 * What of the held pushes of a repository comes before another push. One that nobody has sent
 * before, and that begins not where its refs are known to be but where a held one leads, says that
 * this one is real.
 */
record HeldRelease(Database database, HeldRows rows, HeldEnd end, RecentHeads heads) {

  private record Real(HeldPush held, PushPayload.Parsed body) {}

  /**
   * Publishes it, by the outbox. Waits for who else ends some of them. Blocks.
   *
   * @param fresh changes of the push; none where somebody may have sent it before
   */
  void before(LoggedDelivery line, HookedRepository repository, List<RefChange> fresh) {
    String why = "it is published, since the push of delivery %s continues from it.";
    List<Real> released =
        database.transaction(
            transaction -> {
              List<Real> real = real(transaction, line, fresh);
              for (Real one : real) {
                end.end(
                    transaction,
                    one.held(),
                    repository,
                    one.body(),
                    one.body().changes(),
                    one.held().cameBefore() + why.formatted(line.id()));
              }
              return real;
            });
    released.forEach(
        one -> end.ended(one.held(), one.body().changes().size(), why.formatted(line.id())));
  }

  private List<Real> real(DSLContext transaction, LoggedDelivery line, List<RefChange> fresh) {
    List<HeldPush> held = HeldRows.lockAll(transaction, line.repositoryId());
    if (held.isEmpty() || fresh.isEmpty()) {
      return List.of();
    }
    Map<String, KnownHead> known = KnownHeads.of(transaction, line.repositoryId());
    var chain = new HeldChain(ref -> heads.head(line, ref, known.get(ref)), fresh);
    List<Real> real = new ArrayList<>();
    for (HeldPush one : held.reversed()) {
      Optional<PushPayload.Parsed> body = rows.read(transaction, one);
      if (body.isPresent() && chain.isBefore(body.get().changes())) {
        real.addFirst(new Real(one, body.get()));
      }
    }
    return real;
  }
}
