package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.impl.DSL;
import sh.cinch.database.ingress.tables.records.HookUpkeepRecord;
import sh.cinch.forge.Forge;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.HookTrouble;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Attempts;
import sh.cinch.service.due.Step;

/**
 * Looks after the webhooks on the forge: each is looked at every few hours, sooner where deliveries
 * are refused or the address has changed, as far as the share of the reconciler goes. Each is one
 * instance's at a time; what it leaves undone is another's to take.
 */
public final class HookUpkeep implements Step {

  private static final String LOOKS = "hook-upkeep";
  private static final String SIGNS = "hook-signs";
  private static final Duration SIGNS_EVERY = Duration.ofSeconds(15);
  private static final Duration NEW_ONES_EVERY = Duration.ofHours(1);
  private static final Duration HALF_CONNECTED = Duration.ofHours(1);
  private static final int AT_ONCE = 4;

  /** All requests of a look together: no more than its claim. */
  private static final Duration LONGEST = UpkeepRows.CLAIM.plusMinutes(1);

  private final Connections connections;
  private final Hooks hooks;
  private final Addresses addresses;
  private final UpkeepRows rows;
  private final HookLook look;
  private final Moving moving;
  private final Runnable told;
  private Instant newOnesAt = Instant.EPOCH;

  private HookUpkeep(
      Connections connections,
      Hooks hooks,
      Addresses addresses,
      UpkeepRows rows,
      Forge forge,
      Runnable told) {
    this.connections = connections;
    this.hooks = hooks;
    this.addresses = addresses;
    this.rows = rows;
    this.moving = new Moving(rows);
    this.told = told;
    HookMending mending = new HookMending(hooks, rows);
    this.look =
        new HookLook(
            forge, hooks, addresses, rows, mending, new MissingHooks(forge, hooks, rows, mending));
  }

  /**
   * @param told there may be events to send
   */
  public static void start(
      ServiceContext context,
      Connections connections,
      Hooks hooks,
      Forge forge,
      Runnable told,
      RunningService service) {
    var rows = new UpkeepRows(context.database(), context.clock());
    var addresses = new Addresses(context.database(), context.clock());
    var upkeep = new HookUpkeep(connections, hooks, addresses, rows, forge, told);
    service.loop(SIGNS, upkeep, SIGNS_EVERY);
    service.with(
        LOOKS, Attempts.start("ingress-" + LOOKS, AT_ONCE, LONGEST, upkeep::claim, upkeep::attend));
    service.backlog(
        "cinch.hooks.moving",
        "Webhooks that Cinch made and that have a former address on the forge still",
        sql -> sql.fetchCount(HOOK_UPKEEP, HOOK_UPKEEP.MOVING.isTrue()));
    service.report("/hooks", () -> report(context.database().sql(), addresses));
  }

  /** What brings a look forward. */
  @Override
  public boolean run() {
    Instant now = rows.now();
    if (now.isAfter(newOnesAt)) {
      rows.addMissing();
      newOnesAt = now.plus(NEW_ONES_EVERY);
    }
    addresses.current().ifPresent(moving::towards);
    rows.refusedLately();
    return false;
  }

  private List<HookUpkeepRecord> claim(int most, Collection<HookUpkeepRecord> underWay) {
    return addresses.current().isEmpty() ? List.of() : rows.claim(most);
  }

  private void attend(HookUpkeepRecord row) {
    Optional<Hook> hook = hooks.find(row.getHookId());
    if (hook.isEmpty()) {
      rows.forget(row);
      return;
    }
    Optional<Connection> connection =
        connections.find(hook.get().repositoryId()).filter(Connection::isConnected);
    Optional<HookCase> of =
        connection
            .flatMap(Connection::credential)
            .flatMap(
                used ->
                    addresses
                        .current()
                        .map(
                            address ->
                                new HookCase(
                                    row, hook.get(), connection.get(), used.id(), address)));
    LookResult result = of.map(look::look).orElseGet(() -> LookResult.none(HALF_CONNECTED));
    settle(row, hook.get(), result);
  }

  private void settle(HookUpkeepRecord row, Hook hook, LookResult result) {
    boolean isTold =
        rows.database()
            .transaction(
                transaction -> {
                  boolean isNews = result.isNewOnForge() || isOtherHealth(hook, result);
                  boolean isMine = rows.settle(transaction, row, result.changes(), result.next());
                  if (isMine && result.isAsWanted()) {
                    // Only now that the row is locked: the address may have changed meanwhile.
                    addresses.current().ifPresent(address -> rows.goOn(transaction, row, address));
                  }
                  if (isNews) {
                    connections.hookChanged(transaction, hook.repositoryId());
                  }
                  return isNews;
                });
    if (isTold) {
      told.run();
    }
  }

  private static boolean isOtherHealth(Hook hook, LookResult result) {
    return result.changes().containsKey(HOOK_UPKEEP.TROUBLE)
        && hook.trouble().filter(HookTrouble::stopsDeliveries).isPresent()
            != Optional.ofNullable((String) result.changes().get(HOOK_UPKEEP.TROUBLE))
                .map(HookTrouble::of)
                .filter(HookTrouble::stopsDeliveries)
                .isPresent();
  }

  private static JsonObject report(DSLContext sql, Addresses addresses) {
    JsonObject report = new JsonObject().put("address", addresses.current().orElse(null));
    JsonArray former = new JsonArray();
    sql.select(HOOK_UPKEEP.ADDRESS, DSL.count())
        .from(HOOK_UPKEEP)
        .where(HOOK_UPKEEP.MOVING)
        .groupBy(HOOK_UPKEEP.ADDRESS)
        .forEach(
            row ->
                former.add(
                    new JsonObject().put("address", row.value1()).put("webhooks", row.value2())));
    JsonObject trouble = new JsonObject();
    sql.select(HOOK_UPKEEP.TROUBLE, DSL.count())
        .from(HOOK_UPKEEP)
        .where(HOOK_UPKEEP.TROUBLE.isNotNull())
        .groupBy(HOOK_UPKEEP.TROUBLE)
        .forEach(row -> trouble.put(row.value1(), row.value2()));
    Set<String> all = addresses.all();
    return report
        .put("addresses", new JsonArray(all.stream().sorted().toList()))
        .put("toMove", former)
        .put("trouble", trouble);
  }
}
