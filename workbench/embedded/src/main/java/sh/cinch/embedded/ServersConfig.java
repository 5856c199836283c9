package sh.cinch.embedded;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Which servers to start, and how.
 *
 * @param directory where embedded servers keep their data, in {@code kafka/} and {@code postgres/};
 *     containers keep nothing
 * @param fresh delete what the last servers left there
 * @param kafkaPort taken by an embedded broker if free, else another one; 0 for any
 * @param postgresPort taken by an embedded PostgreSQL if free, else another one; 0 for any
 * @param exitGrace how long the program's own shutdown hook may need until it calls {@link
 *     Servers#close}; after that, embedded servers close themselves. Zero for a program without one
 * @param progress is told what happens in lines for people, by more than one thread
 */
public record ServersConfig(
    Choice choice,
    Path directory,
    boolean fresh,
    int kafkaPort,
    int postgresPort,
    Duration exitGrace,
    Consumer<String> progress) {

  public static final int USUAL_KAFKA_PORT = 9092;
  public static final int USUAL_POSTGRES_PORT = 5432;

  private static final int HIGHEST_PORT = 65_535;

  public ServersConfig {
    requirePort("Kafka", kafkaPort);
    requirePort("PostgreSQL", postgresPort);
    if (exitGrace.isNegative()) {
      throw new IllegalArgumentException("The grace at exit is negative: " + exitGrace);
    }
  }

  private static void requirePort(String server, int port) {
    if (port < 0 || port > HIGHEST_PORT) {
      throw new IllegalArgumentException(
          "%s cannot listen on port %d: give one from 1 to %d, or 0 for any free one."
              .formatted(server, port, HIGHEST_PORT));
    }
  }

  /** Which servers. */
  public enum Choice {
    /** Inside and beside this JVM. Needs nothing. */
    EMBEDDED,
    /** In containers. Needs Docker. */
    CONTAINERS;

    private static final String VARIABLE = "CINCH_SERVERS";

    /**
     * What {@code CINCH_SERVERS} asks for; embedded where it is unset or empty.
     *
     * @throws IllegalArgumentException if it is set to anything else
     */
    public static Choice from(Map<String, String> environment) {
      String asked = environment.getOrDefault(VARIABLE, "");
      return switch (asked) {
        case "", "embedded" -> EMBEDDED;
        case "containers" -> CONTAINERS;
        default ->
            throw new IllegalArgumentException(
                "%s is \"%s\". Set it to embedded or containers, or leave it unset for embedded."
                    .formatted(VARIABLE, asked));
      };
    }
  }
}
