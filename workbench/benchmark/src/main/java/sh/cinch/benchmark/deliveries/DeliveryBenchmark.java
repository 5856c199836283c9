package sh.cinch.benchmark.deliveries;

import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.Supplier;
import sh.cinch.benchmark.figures.Plan;
import sh.cinch.benchmark.figures.Report;
import sh.cinch.benchmark.load.LoadProcess;
import sh.cinch.benchmark.load.Pace;
import sh.cinch.benchmark.load.Target;
import sh.cinch.benchmark.stand.JavaProcess;

/**
 * How many deliveries a second an ingress takes, how soon it answers them, and what each costs;
 * beside a bare handler.
 */
public final class DeliveryBenchmark {

  static final int REPOSITORIES = 64;

  /** Of each, before any counts: with the usual seconds the compilers have a minute for it. */
  static final int WARM_UPS = 12;

  /** At which the time until an answer is compared. */
  static final int PER_SECOND = 3_200;

  private final Plan plan;
  private final LoadProcess load;
  private final Receiver bare;
  private final Receiver everything;
  private final Receiver webhooks;

  /** Something that answers deliveries, and what that costs. */
  private record Receiver(Target target, Supplier<Cpu> cpu) {}

  private DeliveryBenchmark(
      Plan plan, LoadProcess load, Receiver bare, Receiver everything, Receiver webhooks) {
    this.plan = plan;
    this.load = load;
    this.bare = bare;
    this.everything = everything;
    this.webhooks = webhooks;
  }

  /**
   * @param connected repositories beside those that are pushed to
   */
  public static Report run(Plan plan, int connected) throws IOException {
    try (DeliveryStand stand = new DeliveryStand(plan, connected);
        JavaProcess receiver =
            JavaProcess.start(
                BareReceiver.class, new HashMap<>(stand.settings()), "128m", Redirect.PIPE);
        Ingress ingress = new Ingress(stand.settings(), stand.stand().file("ingress.log"));
        LoadProcess load = LoadProcess.start()) {
      int bare = Integer.parseInt(receiver.firstLine());
      List<SignedHook> hooks = stand.hooks(REPOSITORIES);
      ProcessHandle postgres = stand.stand().postgres();
      DeliveryBenchmark benchmark =
          new DeliveryBenchmark(
              plan,
              load,
              new Receiver(bareTarget(hooks, bare), () -> Cpu.now(receiver.handle(), postgres)),
              new Receiver(target(hooks, stand.port()), () -> Cpu.now(postgres)),
              new Receiver(
                  target(hooks, ingress.port()), () -> Cpu.now(ingress.handle(), postgres)));
      benchmark.warmUp();
      return new DeliveryReport(
          plan.round().toMillis(),
          connected,
          benchmark.rounds("deliveries", 0),
          benchmark.rounds("deliveries at %,d a second".formatted(PER_SECOND), PER_SECOND),
          ingress.memory());
    }
  }

  private static Target target(List<SignedHook> hooks, int port) {
    return Target.of(port, hooks.stream().map(hook -> hook.delivery(port)).toList());
  }

  private static Target bareTarget(List<SignedHook> hooks, int port) {
    return Target.of(port, hooks.stream().map(hook -> hook.deliveryToBare(port)).toList());
  }

  private void warmUp() {
    plan.tell("warming up …");
    for (int i = 0; i < WARM_UPS; i++) {
      Triple unused = triple(0);
    }
  }

  private List<Triple> rounds(String what, int perSecond) {
    List<Triple> all = new ArrayList<>();
    for (int i = 1; i <= plan.rounds(); i++) {
      Triple triple = triple(perSecond);
      plan.tell(
          "%s, %d of %d: bare %,.0f/s, everything %,.0f/s, webhooks alone %,.0f/s"
              .formatted(
                  what,
                  i,
                  plan.rounds(),
                  triple.bare().perSecond(),
                  triple.everything().perSecond(),
                  triple.webhooks().perSecond()));
      all.add(triple);
    }
    return all;
  }

  private Triple triple(int perSecond) {
    return new Triple(
        side(bare, perSecond), side(everything, perSecond), side(webhooks, perSecond));
  }

  private Side side(Receiver receiver, int perSecond) {
    Pace pace = new Pace(LoadProcess.CONNECTIONS, plan.round(), perSecond);
    Cpu before = receiver.cpu().get();
    var round = load.run(receiver.target(), pace);
    return new Side(round, receiver.cpu().get().since(before));
  }
}
