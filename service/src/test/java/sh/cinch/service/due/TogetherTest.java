package sh.cinch.service.due;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What comes while one turn is under way goes with the next. */
class TogetherTest {

  private final List<List<String>> turns = Collections.synchronizedList(new ArrayList<>());
  private final CountDownLatch firstEnds = new CountDownLatch(1);
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

  @AfterEach
  void close() {
    firstEnds.countDown();
    writers.close();
  }

  @Test
  void whoComesAloneGoesAtOnce() {
    Together<String> together = new Together<>(10, turns::add);
    together.write("a");
    together.write("b");
    assertThat(turns).containsExactly(List.of("a"), List.of("b"));
  }

  @Test
  void whatComesMeanwhileGoesTogether() throws Exception {
    List<Future<?>> written = writeAfterTheFirst(new Together<>(2, this::turn), "b", "c", "d");
    for (Future<?> one : written) {
      one.get();
    }
    assertThat(turns).containsExactly(List.of("a"), List.of("b", "c"), List.of("d"));
  }

  @Test
  void whatFailsFailsAlone() throws Exception {
    List<Future<?>> written =
        writeAfterTheFirst(
            new Together<>(
                10,
                some -> {
                  turn(some);
                  if (some.contains("c")) {
                    throw new IllegalArgumentException("c");
                  }
                }),
            "b",
            "c",
            "d");
    written.get(1).get();
    assertThatThrownBy(written.get(2)::get).hasMessageContaining("c");
    written.get(3).get();
    assertThat(turns)
        .containsExactly(
            List.of("a"), List.of("b", "c", "d"), List.of("b"), List.of("c"), List.of("d"));
  }

  @Test
  void whileTheDatabaseIsAwayNothingIsTriedAlone() throws Exception {
    List<Future<?>> written =
        writeAfterTheFirst(
            new Together<>(
                10,
                some -> {
                  turn(some);
                  if (some.contains("b")) {
                    throw new DataAccessException("away", new SQLException("gone", "08006"));
                  }
                }),
            "b",
            "c");
    assertThatThrownBy(written.get(1)::get).hasMessageContaining("away");
    assertThatThrownBy(written.get(2)::get).hasMessageContaining("away");
    assertThat(turns).containsExactly(List.of("a"), List.of("b", "c"));
  }

  @Test
  void whoeverWaitsIsToldWhereAnErrorEndsTheTurn() throws Exception {
    List<Future<?>> written =
        writeAfterTheFirst(
            new Together<>(
                10,
                some -> {
                  turn(some);
                  if (some.contains("b")) {
                    throw new AssertionError("no more");
                  }
                }),
            "b",
            "c");
    assertThatThrownBy(written.get(1)::get).hasMessageContaining("no more");
    assertThatThrownBy(written.get(2)::get).hasMessageContaining("the turn that was to write it");
  }

  private void turn(List<String> some) {
    turns.add(List.copyOf(some));
    if (some.equals(List.of("a"))) {
      try {
        firstEnds.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** These come, one after the other, while a first one is being written. */
  private List<Future<?>> writeAfterTheFirst(Together<String> together, String... others) {
    List<Future<?>> written = new ArrayList<>();
    written.add(writers.submit(() -> together.write("a")));
    await().until(() -> turns.size() == 1);
    for (int i = 0; i < others.length; i++) {
      String other = others[i];
      written.add(writers.submit(() -> together.write(other)));
      int waiting = i + 1;
      await().until(() -> together.waiting() == waiting);
    }
    firstEnds.countDown();
    return written;
  }
}
