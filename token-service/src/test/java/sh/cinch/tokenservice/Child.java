package sh.cinch.tokenservice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** A token-service in a process of its own, as an operator would start it. */
final class Child implements AutoCloseable {

  private final Process process;

  private Child(Process process) {
    this.process = process;
  }

  static Child start(Stack stack, CuttableConnection bitbucket, CuttableConnection database) {
    String forge = "http://localhost:" + bitbucket.port();
    ProcessBuilder builder =
        new ProcessBuilder(
                List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx128m",
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Main.class.getName()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder
        .environment()
        .putAll(
            Map.ofEntries(
                Map.entry("CINCH_PORT", "0"),
                Map.entry("CINCH_MANAGEMENT_PORT", "0"),
                Map.entry("CINCH_KAFKA", Backends.kafka().bootstrapServers()),
                Map.entry("CINCH_DATABASE_URL", stack.through(database).url()),
                Map.entry("CINCH_DATABASE_USER", stack.database.user()),
                Map.entry("CINCH_BITBUCKET_CLIENT_ID", Forge.CLIENT_ID),
                Map.entry("CINCH_BITBUCKET_CLIENT_SECRET", Forge.CLIENT_SECRET),
                Map.entry("CINCH_BITBUCKET_URL", forge),
                Map.entry("CINCH_BITBUCKET_API_URL", forge),
                Map.entry("CINCH_KEYSET", stack.keyset.reveal()),
                Map.entry("CINCH_SERVICE_SECRETS", Instance.CALLERS)));
    try {
      return new Child(builder.start());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** SIGKILL. */
  void kill() {
    process.destroyForcibly();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
