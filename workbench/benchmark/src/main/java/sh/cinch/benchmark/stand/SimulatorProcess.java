package sh.cinch.benchmark.stand;

import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.util.Map;

/** The simulated Bitbucket as a process of its own: what it costs can be told from the rest. */
public final class SimulatorProcess implements AutoCloseable {

  /** It remembers every write. */
  private static final String MEMORY = "1g";

  private final JavaProcess process;
  private final URI url;

  private SimulatorProcess(JavaProcess process) {
    this.process = process;
    String said = process.firstLine();
    this.url = URI.create(said.substring(said.lastIndexOf(' ') + 1));
  }

  public static SimulatorProcess start() {
    return new SimulatorProcess(
        JavaProcess.start(
            sh.cinch.simulator.Main.class,
            Map.of(
                "CINCH_PORT",
                "0",
                "CINCH_BASE_URL",
                Stand.BASE,
                "CINCH_BITBUCKET_CLIENT_ID",
                Stand.CLIENT_ID,
                "CINCH_BITBUCKET_CLIENT_SECRET",
                Stand.CLIENT_SECRET),
            MEMORY,
            Redirect.PIPE));
  }

  public URI url() {
    return url;
  }

  public ProcessHandle handle() {
    return process.handle();
  }

  @Override
  public void close() {
    process.close();
  }
}
