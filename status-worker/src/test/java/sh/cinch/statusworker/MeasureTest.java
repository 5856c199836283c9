package sh.cinch.statusworker;

import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import org.junit.jupiter.api.Test;

class MeasureTest {
  @Test
  void measure() throws Exception {
    Project warm = Project.connected();
    warm.await(warm.report(warm.state("success", 1)), DELIVERED);
    Project loud = Project.connected();
    Project quiet = Project.connected();
    long t0 = System.nanoTime();
    for (int i = 0; i < 2000; i++) {
      loud.report(loud.state("success", 1).put("key", "k" + i));
    }
    say("written", t0);
    String e = quiet.report(quiet.state("success", 1));
    long t1 = System.nanoTime();
    var hist = new java.util.concurrent.ConcurrentHashMap<String, Integer>();
    var other = Stack.SHARED.context();
    Thread sampler = Thread.ofPlatform().daemon().start(() -> {
      try { while (true) { other.database().sql().resultQuery("select state || ' ' || coalesce(wait_event,'cpu') || ' ' || left(regexp_replace(query, '\\s+', ' ', 'g'), 150) from pg_stat_activity where state <> 'idle' and pid <> pg_backend_pid()").fetchInto(String.class).forEach(q -> hist.merge(q, 1, Integer::sum)); Thread.sleep(5); } } catch (InterruptedException x) {} });
    Thread.sleep(4000); sampler.interrupt(); sampler.join();
    hist.entrySet().stream().sorted((a,b)->b.getValue()-a.getValue()).limit(25).forEach(x -> System.out.println("HIST " + x.getValue() + " " + x.getKey()));
    quiet.await(e, DELIVERED);
    say("quiet after its report", t1);
    var sql = Stack.SHARED.context.database().sql();
    System.out.println("loud rows " + sql.fetchCount(STATUS, STATUS.REPOSITORY_ID.eq(loud.repository.id()))
      + " due " + sql.fetchCount(STATUS, STATUS.REPOSITORY_ID.eq(loud.repository.id()).and(STATUS.DUE_AT.isNotNull())));
    while (sql.fetchCount(STATUS, STATUS.REPOSITORY_ID.eq(loud.repository.id())) < 2000) Thread.sleep(50);
    say("all recorded", t0);
    while (sql.fetchCount(STATUS, STATUS.REPOSITORY_ID.eq(loud.repository.id()).and(STATUS.DUE_AT.isNotNull())) > 0) Thread.sleep(50);
    say("all posted", t0);
  }
  static void say(String what, long since) {
    System.out.println("MEASURED " + what + " " + (System.nanoTime() - since) / 1_000_000 + " ms");
  }
}
