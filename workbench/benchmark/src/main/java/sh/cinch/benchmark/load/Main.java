package sh.cinch.benchmark.load;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;

/** The process that makes requests: a line in is a round, a line out is what it came to. */
public final class Main {

  private Main() {}

  public static void main(String[] arguments) throws IOException {
    var orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    var branches = new Branches();
    String order;
    while ((order = orders.readLine()) != null) {
      String[] words = order.split(" ", -1);
      Round round =
          Load.run(
              new Target(Integer.parseInt(words[0]), Path.of(words[1])),
              new Pace(
                  Integer.parseInt(words[2]),
                  Duration.ofMillis(Long.parseLong(words[3])),
                  Integer.parseInt(words[4])),
              branches);
      System.out.println(round.words());
    }
  }
}
