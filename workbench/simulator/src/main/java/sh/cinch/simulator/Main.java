package sh.cinch.simulator;

import java.util.Map;

/** The simulator as a process of its own, configured by its environment. */
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    if (System.getProperty("logback.configurationFile") == null) {
      System.setProperty("logback.configurationFile", "sh/cinch/simulator/logback.xml");
    }
    int problem = run(System.getenv());
    if (problem != 0) {
      System.exit(problem);
    }
  }

  /** Starts it; other than 0 where that failed, 2 for what the environment says. */
  static int run(Map<String, String> environment) {
    try {
      Simulator simulator = Simulator.start(Environment.read(environment));
      Runtime.getRuntime().addShutdownHook(new Thread(simulator::close, "close"));
      System.out.println("Simulated Bitbucket: " + simulator.url());
      return 0;
    } catch (IllegalArgumentException misconfigured) {
      System.err.println("The simulator cannot start:\n" + plain(misconfigured));
      return 2;
    } catch (IllegalStateException failed) {
      System.err.println("The simulator cannot start: " + plain(failed));
      return 1;
    }
  }

  /** It may quote the environment, and goes to a terminal. */
  private static String plain(Exception e) {
    return String.valueOf(e.getMessage()).replaceAll("[\\p{C}&&[^\n]]", "?");
  }
}
