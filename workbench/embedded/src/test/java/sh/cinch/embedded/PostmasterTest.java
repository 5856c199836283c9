package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostmasterTest {

  @TempDir Path data;

  @Test
  void noFileIsNobody() {
    assertThat(Postmaster.of(data)).isEqualTo(new Postmaster.Absent());
  }

  @Test
  void emptyOrBrokenFileIsRemoved() throws Exception {
    for (String content : new String[] {"", "not a number\n"}) {
      Path pidFile = Files.writeString(data.resolve("postmaster.pid"), content);
      assertThat(Postmaster.of(data)).isEqualTo(new Postmaster.Gone(pidFile));

      Postmaster.evict(data);

      assertThat(pidFile).doesNotExist();
    }
  }

  @Test
  void anotherProgramThatHasTheNumberNowIsLeftAlone() throws Exception {
    Process other = new ProcessBuilder("sleep", "60").start();
    try {
      Path pidFile = writePidFile(other.pid(), data);

      Postmaster.evict(data);

      assertThat(pidFile).doesNotExist();
      assertThat(other.isAlive()).isTrue();
    } finally {
      other.destroy();
    }
  }

  @Test
  void anotherPostgresThatHasTheNumberNowIsLeftAlone() throws Exception {
    try (Postgres other = Postgres.temporary()) {
      Path pidFile = writePidFile(pid(other), data);

      Postmaster.evict(data);

      assertThat(pidFile).doesNotExist();
      assertThat(new Sql(other.database()).ask("select 1")).isEqualTo("1");
    }
  }

  @Test
  void copyOfADirectoryInUseIsRefusedAndTheOriginalLeftAlone() throws Exception {
    try (Postgres original = Postgres.temporary()) {
      Path pidFile = writePidFile(pid(original), dataOf(original));

      assertThatThrownBy(() -> Postmaster.evict(data))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining(dataOf(original).toString())
          .hasMessageContaining("process " + pid(original))
          .hasMessageContaining("delete its postmaster.pid");

      assertThat(pidFile).exists();
      assertThat(new Sql(original.database()).ask("select 1")).isEqualTo("1");
    }
  }

  @Test
  void theOneThatRunsHereIsStoppedThoughAClientStays() throws Exception {
    try (Postgres postgres = Postgres.temporary();
        Connection client =
            DriverManager.getConnection(
                postgres.database().url(), "postgres", postgres.database().password())) {
      Path home = dataOf(postgres);
      assertThat(Postmaster.of(home)).isInstanceOf(Postmaster.Running.class);

      Postmaster.evict(home);

      assertThat(Postmaster.of(home)).isEqualTo(new Postmaster.Absent());
      assertThat(client.isValid(1)).isFalse();
      assertThat(home.resolveSibling("server.log")).content().contains("fast shutdown request");
    }
  }

  private Path writePidFile(long pid, Path startedOn) throws Exception {
    return Files.writeString(data.resolve("postmaster.pid"), pid + "\n" + startedOn + "\n");
  }

  private static Path dataOf(Postgres postgres) throws Exception {
    return Path.of(new Sql(postgres.database()).ask("show data_directory"));
  }

  private static long pid(Postgres postgres) throws Exception {
    return Long.parseLong(
        Files.readAllLines(dataOf(postgres).resolve("postmaster.pid")).getFirst().strip());
  }
}
