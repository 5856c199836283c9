package sh.cinch.simulator.control;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.util.List;
import java.util.Optional;
import sh.cinch.simulator.delivery.Delivered;
import sh.cinch.simulator.delivery.Deliverer;
import sh.cinch.simulator.delivery.PushPayload;
import sh.cinch.simulator.git.GitRepositories;
import sh.cinch.simulator.git.GitRepository;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.Push;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Pushes, and bodies of any kind, delivered to the repository's hooks. */
record PushControl(World world, GitRepositories git, Deliverer deliverer) {
  private static final int MOST_COMMITS = 1000;

  /** What a push left behind for the deliverer. */
  private record Happened(List<Push.Change> changes, List<Hook> hooks, Buffer payload) {}

  Reply push(Call call) {
    Fields fields = Fields.of(call, "changes", "actor");
    List<Push.Move> moves =
        fields
            .objects("changes", "ref", "to", "forced", "delete", "commits", "annotated", "message")
            .stream()
            .map(PushControl::move)
            .toList();
    Happened happened = world.change(state -> push(state, call, moves, fields.text("actor")));
    List<Delivered> delivered =
        deliverer.deliver(
            happened.hooks().stream().filter(hook -> hook.wants(PushPayload.EVENT)).toList(),
            PushPayload.EVENT,
            happened.payload());
    ObjectNode body = Json.object();
    ArrayNode changes = body.putArray("changes");
    happened.changes().forEach(change -> changes.add(show(change)));
    body.set("deliveries", show(delivered));
    return Reply.json(200, body);
  }

  private Happened push(State state, Call call, List<Push.Move> moves, Optional<String> nickname) {
    Repository repository = Named.repository(state, call);
    Account actor = nickname.map(name -> Named.account(state, name)).orElseGet(state::defaultUser);
    Optional<GitRepository> real = git.find(repository.uuid());
    return switch (new Push(repository, actor, world.now())
        .apply(real.map(there -> made(there, moves, repository, actor)).orElse(moves))) {
      case Push.Outcome.Refused(String why) -> throw new BadInput(why);
      case Push.Outcome.Pushed(var changes) -> {
        real.ifPresent(there -> there.follow(changes, repository, actor));
        yield new Happened(
            changes,
            repository.hooks(),
            new PushPayload(state, call.site(), repository).compose(changes, actor));
      }
    };
  }

  private List<Push.Move> made(
      GitRepository there, List<Push.Move> moves, Repository repository, Account actor) {
    try {
      return there.made(moves, repository, actor, world.now());
    } catch (IllegalArgumentException e) {
      throw new BadInput(String.valueOf(e.getMessage()));
    }
  }

  private static Push.Move move(Fields fields) {
    Optional<String> to = fields.text("to");
    if (to.filter(hash -> !hash.matches("[0-9a-f]{40}")).isPresent()) {
      throw new BadInput("to must be 40 lower-case hex digits, but is " + to.get());
    }
    boolean delete = fields.flag("delete", false);
    if (delete && to.isPresent()) {
      throw new BadInput("a change that deletes has no to");
    }
    return new Push.Move(
        fields.requiredText("ref"),
        to,
        fields.flag("forced", false),
        delete,
        fields.number("commits", 1, MOST_COMMITS).orElse(1),
        fields.flag("annotated", false),
        fields.text("message"));
  }

  /** To every active hook, also of an event it never asked for: what receivers must survive. */
  Reply deliver(Call call) {
    String event =
        call.query("event")
            .filter(key -> !key.isBlank())
            .orElseThrow(() -> new BadInput("the query has no event, such as ?event=repo:push"));
    List<Hook> hooks =
        world.ask(
            state -> Named.repository(state, call).hooks().stream().filter(Hook::active).toList());
    return Reply.json(200, show(deliverer.deliver(hooks, event, call.body())));
  }

  private static ObjectNode show(Push.Change change) {
    return Json.object()
        .put("ref", change.ref())
        .put("old", change.before().map(Ref::target).orElse(null))
        .put("new", change.after().map(Ref::target).orElse(null));
  }

  private static ArrayNode show(List<Delivered> deliveries) {
    ArrayNode list = Json.array();
    for (Delivered delivered : deliveries) {
      ArrayNode attempts = list.addObject().put("hook", delivered.hook()).putArray("attempts");
      delivered
          .attempts()
          .forEach(
              attempt -> {
                ObjectNode node =
                    attempts.addObject().put("status", attempt.status()).put("ms", attempt.ms());
                attempt.problem().ifPresent(problem -> node.put("problem", problem));
              });
    }
    return list;
  }
}
