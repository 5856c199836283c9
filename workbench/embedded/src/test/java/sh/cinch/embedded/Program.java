package sh.cinch.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** A program that uses servers until it is killed, run by tests in a JVM of its own. */
final class Program {

  private Program() {}

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "plain" -> say(start(directory, Duration.ZERO).kafka().bootstrapServers());
      case "own-hook" -> {
        Servers servers = start(directory, Duration.ofMinutes(1));
        Runtime.getRuntime().addShutdownHook(new Thread(() -> finish(servers)));
      }
      case "temporary" -> say(new Sql(Postgres.temporary().database()).ask("show data_directory"));
      default -> throw new IllegalArgumentException(arguments[0]);
    }
    say("ready");
    new CountDownLatch(1).await();
  }

  private static Servers start(Path directory, Duration exitGrace) {
    return Servers.start(
        new ServersConfig(
            ServersConfig.Choice.EMBEDDED, directory, false, 0, 0, exitGrace, Program::say));
  }

  private static void finish(Servers servers) {
    try (servers) {
      giveTheirHooksTimeToBeTooEarly();
      new Kafka(servers.kafka()).create("last-words");
      new Sql(servers.database()).run("create table last_words ()");
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static void giveTheirHooksTimeToBeTooEarly() throws InterruptedException {
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals("close-at-exit")) {
        thread.join(Duration.ofMillis(500));
      }
    }
  }

  @SuppressWarnings("SystemOut") // the test that started us reads it
  private static void say(String line) {
    System.out.println(line);
  }
}
