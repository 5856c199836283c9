package sh.cinch.statusworker;

import static org.assertj.core.api.Assertions.assertThat;
import static sh.cinch.database.status_worker.Tables.STATUS;
import static sh.cinch.schema.event.Outcome.Result.DELIVERED;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;

/** Two instances share the work, and one takes over what the other leaves behind. */
class TakeoverTest {

  private static final int PROJECTS = 12;

  private final Stack stack = Stack.SHARED;

  @AfterEach
  void mend() {
    stack.bitbucket.mend();
  }

  @Test
  void whatAKilledInstanceHeldIsPostedByTheOther() {
    ServiceContext context = stack.context();
    RunningService killed = stack.anotherWorker(context);
    stack.awaitShared();
    List<Project> projects = new ArrayList<>();
    List<String> events = new ArrayList<>();
    for (int i = 0; i < PROJECTS; i++) {
      projects.add(Project.connected());
    }
    stack.bitbucket.fault(Map.of("path", "*/statuses/build", "kind", "latency", "ms", 2_000));
    projects.forEach(project -> events.add(project.report(project.state("success", 1))));
    Project.patiently().until(() -> underWay(projects) == PROJECTS);

    // Without its database it can write down nothing more: to the others it is dead.
    context.database().close();
    stack.bitbucket.mend();
    killed.close();
    context.vertx().close().await();

    stack.clock.advance(Duration.ofSeconds(41));
    for (int i = 0; i < PROJECTS; i++) {
      projects.get(i).await(events.get(i), DELIVERED);
      assertThat(projects.get(i).results(events.get(i))).containsExactly(DELIVERED);
      assertThat(projects.get(i).status("unit").getString("state")).isEqualTo("SUCCESSFUL");
    }
  }

  @Test
  void whatIsUnderWayWhenAnInstanceClosesIsFinished() {
    ServiceContext context = stack.context();
    RunningService closing = stack.anotherWorker(context);
    stack.awaitShared();
    List<Project> projects = new ArrayList<>();
    List<String> events = new ArrayList<>();
    for (int i = 0; i < PROJECTS; i++) {
      projects.add(Project.connected());
    }
    stack.bitbucket.fault(Map.of("path", "*/statuses/build", "kind", "latency", "ms", 2_500));
    projects.forEach(project -> events.add(project.report(project.state("success", 1))));
    Project.patiently().until(() -> underWay(projects) == PROJECTS);

    closing.close();
    context.close();

    for (int i = 0; i < PROJECTS; i++) {
      projects.get(i).await(events.get(i), DELIVERED);
      assertThat(projects.get(i).writes()).containsExactly("SUCCESSFUL");
    }
  }

  /** Statuses that are claimed and not yet settled. */
  private int underWay(List<Project> projects) {
    List<UUID> repositories = projects.stream().map(project -> project.repository.id()).toList();
    return stack
        .context
        .database()
        .sql()
        .fetchCount(STATUS, STATUS.REPOSITORY_ID.in(repositories).and(STATUS.CLAIM.gt(0L)));
  }
}
