package sh.cinch.simulator.git;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.jgit.transport.ReceiveCommand;
import sh.cinch.simulator.api.GitGate;
import sh.cinch.simulator.delivery.Deliverer;
import sh.cinch.simulator.delivery.PushPayload;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.http.Routes;
import sh.cinch.simulator.http.Streaming;
import sh.cinch.simulator.http.Streaming.Streamed;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Hook;
import sh.cinch.simulator.world.Push;
import sh.cinch.simulator.world.Repository;
import sh.cinch.simulator.world.State;
import sh.cinch.simulator.world.World;

/** Git's smart HTTP. */
public final class GitRoutes {
  private static final String REPOSITORY = "/:workspace/:repository";
  private static final String ENDING = ".git";

  private final World world;
  private final GitRepositories repositories;
  private final Deliverer deliverer;
  private final GitGate gate = new GitGate();

  /** What a push left behind for the deliverer. */
  private record Happened(List<Hook> hooks, Buffer payload) {}

  /** Behind the gate. */
  private interface Entered {
    Streamed go(Repository repository, GitRepository git, Optional<Account> account);
  }

  private GitRoutes(World world, GitRepositories repositories, Deliverer deliverer) {
    this.world = world;
    this.repositories = repositories;
    this.deliverer = deliverer;
  }

  public static void addTo(
      Routes routes, World world, GitRepositories repositories, Deliverer deliverer) {
    var git = new GitRoutes(world, repositories, deliverer);
    routes.stream(HttpMethod.GET, REPOSITORY + "/info/refs", git::advertise);
    routes.stream(
        HttpMethod.POST, REPOSITORY + "/" + GitService.UPLOAD_PACK.word(), git::uploadPack);
    routes.stream(
        HttpMethod.POST, REPOSITORY + "/" + GitService.RECEIVE_PACK.word(), git::receivePack);
  }

  private Streamed advertise(Call call) {
    Optional<GitService> asked =
        Arrays.stream(GitService.values())
            .filter(service -> call.query("service").filter(service.word()::equals).isPresent())
            .findFirst();
    if (asked.isEmpty()) {
      return Streamed.whole(Reply.text(403, "Only git's smart protocol is spoken here.\n"));
    }
    GitService service = asked.get();
    return enter(
        call,
        service,
        (repository, git, account) ->
            streamed(
                service,
                "advertisement",
                (sent, answer) -> git.advertise(service, protocol(call), answer)));
  }

  private Streamed uploadPack(Call call) {
    return enter(
        call,
        GitService.UPLOAD_PACK,
        (repository, git, account) ->
            streamed(
                GitService.UPLOAD_PACK,
                "result",
                (sent, answer) -> git.upload(protocol(call), sent, answer)));
  }

  private Streamed receivePack(Call call) {
    return enter(
        call,
        GitService.RECEIVE_PACK,
        (repository, git, account) -> {
          String uuid = repository.uuid();
          String author = account.orElseThrow().uuid();
          return streamed(
              GitService.RECEIVE_PACK,
              "result",
              (sent, answer) ->
                  git.receive(
                      (pack, commands) -> pushed(call, uuid, author, git, commands), sent, answer));
        });
  }

  private Streamed enter(Call call, GitService service, Entered entered) {
    String path = call.at("repository");
    String name = path.endsWith(ENDING) ? path.substring(0, path.length() - ENDING.length()) : path;
    return world.ask(
        state ->
            switch (gate.enter(
                state, call, call.at("workspace"), name, service.writes(), world.now())) {
              case GitGate.Passage.Shut(Reply reply) -> Streamed.whole(reply);
              case GitGate.Passage.Open(Repository repository, var account) ->
                  repositories
                      .find(repository.uuid())
                      .map(git -> entered.go(repository, git, account))
                      .orElseGet(
                          () -> Streamed.whole(Reply.text(404, "It is no git repository.\n")));
            });
  }

  /** The copy follows, and whoever hooked in hears of it. */
  private void pushed(
      Call call,
      String uuid,
      String author,
      GitRepository git,
      Collection<ReceiveCommand> commands) {
    world
        .change(state -> happened(state, call, uuid, author, git, commands))
        .ifPresent(happened -> Thread.ofVirtual().name("deliver").start(() -> deliver(happened)));
  }

  private Optional<Happened> happened(
      State state,
      Call call,
      String uuid,
      String author,
      GitRepository git,
      Collection<ReceiveCommand> commands) {
    Optional<Repository> found = state.repositoryByUuid(uuid);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Repository repository = found.get();
    Account account = state.account(author);
    List<Push.Move> moves = git.taken(commands, repository, account);
    if (moves.isEmpty()) {
      return Optional.empty();
    }
    return switch (new Push(repository, account, world.now()).apply(moves)) {
      case Push.Outcome.Refused(String why) -> throw new IllegalStateException(why);
      case Push.Outcome.Pushed(var changes) -> {
        git.taken(repository);
        yield Optional.of(
            new Happened(
                repository.hooks(),
                new PushPayload(state, call.site(), repository).compose(changes, account)));
      }
    };
  }

  private void deliver(Happened happened) {
    Object unused =
        deliverer.deliver(
            happened.hooks().stream().filter(hook -> hook.wants(PushPayload.EVENT)).toList(),
            PushPayload.EVENT,
            happened.payload());
  }

  private static List<String> protocol(Call call) {
    return call.header("Git-Protocol").map(value -> List.of(value.split(":"))).orElse(List.of());
  }

  private static Streamed streamed(GitService service, String what, Streaming.Body body) {
    return new Streamed(
        Reply.empty(200)
            .with(
                Map.of(
                    "Content-Type",
                    "application/x-%s-%s".formatted(service.word(), what),
                    "Cache-Control",
                    "no-cache, max-age=0, must-revalidate")),
        Optional.of(body));
  }
}
