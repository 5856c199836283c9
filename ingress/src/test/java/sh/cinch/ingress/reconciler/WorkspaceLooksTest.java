package sh.cinch.ingress.reconciler;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.ingress.Tables.REPOSITORY;
import static sh.cinch.database.ingress.Tables.WORKSPACE_LOOK;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import sh.cinch.ingress.reconciler.Looking.Watched;

@OnLooking
class WorkspaceLooksTest {

  private static final String MAIN = "refs/heads/main";
  private static final Duration LONG = Duration.ofHours(3);

  private final Looking looking;

  WorkspaceLooksTest(Looking looking) {
    this.looking = looking;
  }

  @Test
  void whatChangedInAWorkspaceIsLookedAtAtOnce() {
    List<Watched> all = several(5);
    WorkspaceLooks workspaces = adopted();
    workspaces.run();
    all.forEach(one -> looking.dueIn(one, LONG));

    looking.push(all.getFirst(), "refs/heads/new");
    looking.wait(Looking.A_WHILE);
    int asked = requests();
    workspaces.run();

    assertThat(requests() - asked).as("one request for all").isEqualTo(1);
    assertThat(looking.dueIn(all.getFirst())).isLessThanOrEqualTo(Duration.ZERO);
    assertThat(all.subList(1, 5))
        .allSatisfy(other -> assertThat(looking.dueIn(other)).isGreaterThan(Duration.ofHours(2)));
  }

  @Test
  void whatWasDeliveredSinceIsNot() {
    List<Watched> all = several(4);
    WorkspaceLooks workspaces = adopted();
    workspaces.run();
    Watched watched = all.getFirst();
    String before = Objects.requireNonNull(looking.head(watched, MAIN)).hash();
    String pushed = looking.push(watched, MAIN);
    looking.delivery(watched, "main", before, pushed).status();
    looking.events(watched, 1);
    looking.recorded();
    looking.dueIn(watched, LONG);

    looking.wait(Looking.A_WHILE);
    workspaces.run();

    assertThat(looking.dueIn(watched)).isGreaterThan(Duration.ofHours(2));
  }

  @Test
  void whereAPushIsNoChangeTheRoundGoesOnAllTheSame() {
    List<Watched> all = several(4);
    looking.bitbucket.setting("updatedOnStays", true);
    WorkspaceLooks workspaces = adopted();
    workspaces.run();
    looking.push(all.getFirst(), MAIN);
    looking.wait(Looking.A_WHILE);
    workspaces.run();

    looking.look();
    looking.confirm();

    looking.events(all.getFirst(), 1);
    looking.bitbucket.setting("updatedOnStays", false);
  }

  @Test
  void aWorkspaceIsAskedForSeveralAlone() {
    List<Watched> few = several(WorkspaceLooks.FEW);
    WorkspaceLooks workspaces = looking.workspaces();
    workspaces.adopt();
    assertThat(looking.rows(WORKSPACE_LOOK)).as("of %d", few.size()).isZero();

    List<Watched> all = several(WorkspaceLooks.FEW + 1);
    workspaces.adopt();
    assertThat(looking.rows(WORKSPACE_LOOK)).isEqualTo(1);

    all.forEach(
        one ->
            looking
                .parts
                .database()
                .sql()
                .update(REPOSITORY)
                .set(REPOSITORY.STATE, "disconnected")
                .where(REPOSITORY.ID.eq(one.id()))
                .execute());
    workspaces.adopt();
    assertThat(looking.rows(WORKSPACE_LOOK)).isZero();
  }

  private List<Watched> several(int count) {
    List<Watched> all = looking.several(count);
    looking.wait(Looking.A_WHILE);
    looking.look();
    return all;
  }

  /** Asked by now; Bitbucket's own clock is not put forward. */
  private WorkspaceLooks adopted() {
    WorkspaceLooks workspaces = looking.workspaces();
    workspaces.adopt();
    looking
        .parts
        .database()
        .sql()
        .update(WORKSPACE_LOOK)
        .set(WORKSPACE_LOOK.SEEN_UNTIL, Instant.now())
        .execute();
    return workspaces;
  }

  private int requests() {
    return looking.bitbucket.requests("GET", "/2.0/repositories/*");
  }
}
