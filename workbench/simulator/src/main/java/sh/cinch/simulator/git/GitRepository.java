package sh.cinch.simulator.git;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.jgit.lib.CommitBuilder;
import org.eclipse.jgit.lib.Constants;
import org.eclipse.jgit.lib.FileMode;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.lib.ObjectInserter;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.RefUpdate;
import org.eclipse.jgit.lib.StoredConfig;
import org.eclipse.jgit.lib.TagBuilder;
import org.eclipse.jgit.lib.TreeFormatter;
import org.eclipse.jgit.revwalk.RevCommit;
import org.eclipse.jgit.revwalk.RevObject;
import org.eclipse.jgit.revwalk.RevTag;
import org.eclipse.jgit.revwalk.RevWalk;
import org.eclipse.jgit.storage.file.FileRepositoryBuilder;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.PostReceiveHook;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.Commit;
import sh.cinch.simulator.world.Fresh;
import sh.cinch.simulator.world.Push;
import sh.cinch.simulator.world.Ref;
import sh.cinch.simulator.world.Repository;

/**
 * A bare repository on the disk. What the rest of the simulator knows of refs and commits is a copy
 * that is kept up with each push, whichever way it comes.
 */
public final class GitRepository implements AutoCloseable {
  private static final String BRANCHES = "refs/heads/";

  private final org.eclipse.jgit.lib.Repository git;

  private GitRepository(org.eclipse.jgit.lib.Repository git) {
    this.git = git;
  }

  static GitRepository create(Path folder) {
    try {
      GitRepository made = open(folder);
      made.git.create(true);
      StoredConfig config = made.git.getConfig();
      for (String allowed :
          List.of("allowFilter", "allowReachableSHA1InWant", "allowAnySHA1InWant")) {
        config.setBoolean("uploadpack", null, allowed, true);
      }
      config.save();
      made.git.updateRef(Constants.HEAD).link(BRANCHES + "main");
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static GitRepository open(Path folder) {
    try {
      return new GitRepository(
          new FileRepositoryBuilder().setGitDir(folder.toFile()).setBare().build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * What a push asks for, with commits that are there.
   *
   * @throws IllegalArgumentException where it names one that is not
   */
  public List<Push.Move> made(
      List<Push.Move> moves, Repository repository, Account author, Instant now) {
    var made = new ArrayList<Push.Move>();
    for (Push.Move move : moves) {
      made.add(move.delete() ? move : movedTo(move, target(move, made, repository, author, now)));
    }
    return made;
  }

  private static Push.Move movedTo(Push.Move move, String target) {
    return new Push.Move(
        move.ref(),
        Optional.of(target),
        move.forced(),
        false,
        move.commits(),
        move.annotated(),
        move.message());
  }

  private String target(
      Push.Move move, List<Push.Move> before, Repository repository, Account author, Instant now) {
    Optional<String> old = repository.ref(move.ref()).map(Ref::target);
    Optional<String> head = old.or(() -> repository.mainBranch().map(Ref::target));
    if (move.to().isPresent()) {
      if (repository.commit(move.to().get()).isEmpty()) {
        throw new IllegalArgumentException(
            "to must be a commit of this git repository, but is " + move.to().get());
      }
      return move.to().get();
    }
    if (!move.ref().startsWith(BRANCHES)) {
      Optional<String> there =
          before.reversed().stream()
              .flatMap(other -> other.to().stream())
              .findFirst()
              .or(() -> repository.mainBranch().map(Ref::target))
              .filter(hash -> !old.equals(Optional.of(hash)));
      if (there.isPresent()) {
        return there.get();
      }
    }
    Optional<String> parent =
        move.forced() ? head.flatMap(repository::commit).flatMap(Commit::parent) : head;
    return commits(move, parent, repository, author, now);
  }

  private String commits(
      Push.Move move, Optional<String> from, Repository repository, Account author, Instant now) {
    Optional<String> parent = from;
    try (ObjectInserter objects = git.newObjectInserter()) {
      for (int left = move.commits(); left > 0; left--) {
        String message = move.message().orElse("Work on %s\n".formatted(move.ref()));
        ObjectId file =
            objects.insert(
                Constants.OBJ_BLOB,
                (message + Fresh.hash() + "\n").getBytes(StandardCharsets.UTF_8));
        var tree = new TreeFormatter();
        tree.append("change.txt", FileMode.REGULAR_FILE, file);
        var commit = new CommitBuilder();
        commit.setTreeId(objects.insert(tree));
        parent.map(ObjectId::fromString).ifPresent(commit::setParentId);
        commit.setAuthor(person(author, now));
        commit.setCommitter(person(author, now));
        commit.setMessage(message);
        String hash = objects.insert(commit).name();
        repository.put(new Commit(hash, parent, now, message, author.uuid()));
        parent = Optional.of(hash);
      }
      objects.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parent.orElseThrow();
  }

  private static PersonIdent person(Account account, Instant now) {
    return new PersonIdent(
        account.displayName(), account.nickname() + "@example.com", now, ZoneOffset.UTC);
  }

  /** Moves the refs as a push has moved the copy's. */
  public void follow(List<Push.Change> changes, Repository repository, Account author) {
    try {
      for (Push.Change change : changes) {
        RefUpdate update = git.updateRef(change.ref());
        update.setForceUpdate(true);
        if (change.after().isPresent()) {
          update.setNewObjectId(object(change.after().get(), author));
          check(update.update(), change.ref());
        } else {
          check(update.delete(), change.ref());
        }
      }
      pointHead(repository);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ObjectId object(Ref ref, Account author) throws IOException {
    ObjectId commit = ObjectId.fromString(ref.target());
    if (ref.annotation().isEmpty()) {
      return commit;
    }
    var tag = new TagBuilder();
    tag.setTag(ref.shortName());
    tag.setObjectId(commit, Constants.OBJ_COMMIT);
    tag.setMessage(ref.annotation().get().message());
    tag.setTagger(person(author, ref.annotation().get().date()));
    try (ObjectInserter objects = git.newObjectInserter()) {
      ObjectId id = objects.insert(tag);
      objects.flush();
      return id;
    }
  }

  private static void check(RefUpdate.Result result, String ref) {
    switch (result) {
      case NEW, FORCED, FAST_FORWARD, NO_CHANGE -> {}
      default -> throw new IllegalStateException("%s was not moved: %s".formatted(ref, result));
    }
  }

  private void pointHead(Repository repository) throws IOException {
    Optional<Ref> main = repository.mainBranch();
    if (main.isPresent()) {
      git.updateRef(Constants.HEAD).link(main.get().name());
    }
  }

  /**
   * What was pushed over git, as the copy takes it; its commits are put there.
   *
   * @return empty where it moved nothing that the copy has
   */
  List<Push.Move> taken(
      Collection<ReceiveCommand> commands, Repository repository, Account author) {
    var moves = new ArrayList<Push.Move>();
    try (var walk = new RevWalk(git)) {
      for (ReceiveCommand command : commands) {
        if (command.getResult() == ReceiveCommand.Result.OK && Ref.isName(command.getRefName())) {
          move(command, walk, repository, author)
              .filter(move -> move.delete() || isNews(move, repository))
              .ifPresent(moves::add);
        }
      }
      return moves;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isNews(Push.Move move, Repository repository) {
    return !repository.ref(move.ref()).map(Ref::target).equals(move.to());
  }

  private static Optional<Push.Move> move(
      ReceiveCommand command, RevWalk walk, Repository repository, Account author)
      throws IOException {
    if (command.getType() == ReceiveCommand.Type.DELETE) {
      return Optional.of(
          new Push.Move(
              command.getRefName(), Optional.empty(), false, true, 1, false, Optional.empty()));
    }
    RevObject object = walk.parseAny(command.getNewId());
    Optional<String> message =
        object instanceof RevTag tag ? Optional.of(tag.getFullMessage()) : Optional.empty();
    if (!(walk.peel(object) instanceof RevCommit head)) {
      return Optional.empty();
    }
    put(head, walk, repository, author);
    return Optional.of(
        new Push.Move(
            command.getRefName(),
            Optional.of(head.name()),
            command.getType() == ReceiveCommand.Type.UPDATE_NONFASTFORWARD,
            false,
            1,
            message.isPresent(),
            message));
  }

  private static void put(RevCommit head, RevWalk walk, Repository repository, Account author)
      throws IOException {
    walk.reset();
    walk.markStart(walk.parseCommit(head));
    for (Ref ref : repository.refs()) {
      walk.markUninteresting(walk.parseCommit(ObjectId.fromString(ref.target())));
    }
    var found = new ArrayList<Commit>();
    for (RevCommit commit : walk) {
      found.add(
          new Commit(
              commit.name(),
              commit.getParentCount() == 0
                  ? Optional.empty()
                  : Optional.of(commit.getParent(0).name()),
              Instant.ofEpochSecond(commit.getCommitTime()),
              commit.getFullMessage(),
              author.uuid()));
    }
    found.reversed().forEach(repository::put);
  }

  /** HEAD leads to the main branch, also where the first push was of another. */
  void taken(Repository repository) {
    try {
      pointHead(repository);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @param protocol what the caller says in {@code Git-Protocol}, in parts
   */
  void advertise(GitService service, List<String> protocol, OutputStream answer)
      throws IOException {
    var lines = new PacketLineOut(answer);
    switch (service) {
      case UPLOAD_PACK ->
          uploadPack(protocol)
              .sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines), service.word());
      case RECEIVE_PACK -> {
        lines.writeString("# service=" + service.word() + "\n");
        lines.end();
        new ReceivePack(git).sendAdvertisedRefs(new PacketLineOutRefAdvertiser(lines));
      }
    }
  }

  void upload(List<String> protocol, InputStream sent, OutputStream answer) throws IOException {
    uploadPack(protocol).uploadWithExceptionPropagation(sent, answer, null);
  }

  private UploadPack uploadPack(List<String> protocol) {
    var pack = new UploadPack(git);
    pack.setBiDirectionalPipe(false);
    pack.setExtraParameters(protocol);
    return pack;
  }

  void receive(PostReceiveHook after, InputStream sent, OutputStream answer) throws IOException {
    var pack = new ReceivePack(git);
    pack.setBiDirectionalPipe(false);
    pack.setPostReceiveHook(after);
    pack.receiveWithExceptionPropagation(sent, answer, null);
  }

  @Override
  public void close() {
    git.close();
  }
}
