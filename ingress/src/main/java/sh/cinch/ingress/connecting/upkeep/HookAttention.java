package sh.cinch.ingress.connecting.upkeep;

import static sh.cinch.database.ingress.Tables.HOOK_UPKEEP;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import sh.cinch.ingress.webhooks.hook.Hook;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.database.Database;

/** For those who make and show webhooks: what the upkeep knows, and what it is to know. */
public final class HookAttention {

  private static final Duration WITHIN = Duration.ofMinutes(1);

  private final UpkeepRows rows;
  private final Addresses addresses;
  private final Hooks hooks;

  public HookAttention(Database database, Hooks hooks, InstantSource clock) {
    this.rows = new UpkeepRows(database, clock);
    this.addresses = new Addresses(database, clock);
    this.hooks = hooks;
  }

  /** It is as it is to be, or a person was told how to make it. */
  public void made(UUID hookId, boolean managed, String address) {
    boolean isFormer = addresses.current().filter(now -> !now.equals(address)).isPresent();
    rows.made(hookId, address, managed && isFormer);
  }

  /** It is about to be changed: whatever becomes of that, it is looked at afterwards. */
  public void changing(UUID hookId) {
    rows.soon(HOOK_UPKEEP.HOOK_ID.eq(hookId), WITHIN);
  }

  /** Which webhooks of the forge are a repository's. */
  public OurHooks ofRepository(UUID repository) {
    return OurHooks.of(hooks, addresses, repository);
  }

  /** What its people should know, the most urgent first. */
  public List<HookNote> notes(Hook hook) {
    return new HookNotes(rows, hooks, addresses).of(hook);
  }
}
