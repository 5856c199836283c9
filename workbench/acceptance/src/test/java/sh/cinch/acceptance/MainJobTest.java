package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.local.demo.Demo;
import sh.cinch.local.stack.Addresses;
import sh.cinch.local.stack.Stack;

/** What {@code ./cinch demo} shows holds, also after everything was stopped and started again. */
@Execution(ExecutionMode.CONCURRENT)
class MainJobTest {

  /** This machine by another address than the usual one, as by that of any network it is in. */
  private static final String ELSEWHERE = "127.0.0.2";

  @Test
  void aPushBecomesEventsAndABuildStateACommitStatus(@TempDir Path home) throws Exception {
    StringWriter told = new StringWriter();
    String apiToken;
    try (Stack stack = TestStack.start(home)) {
      assertThat(new Demo(stack.addresses(), stack.file(), new PrintWriter(told)).run())
          .as("%s", told)
          .isTrue();
      apiToken = stack.addresses().apiToken();
      assertThat(Files.getPosixFilePermissions(home.resolve("stack.json")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
      assertThat(Files.getPosixFilePermissions(home))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(new ObjectMapper().readTree(stack.file().toFile()).fieldNames())
          .toIterable()
          .containsExactly(
              "ingress",
              "tokenService",
              "kafka",
              "kafkaUser",
              "kafkaPassword",
              "database",
              "databaseUser",
              "databasePassword",
              "simulator",
              "apiToken");
      assertThat(ports(stack.addresses())).hasSize(5).noneMatch(port -> answersElsewhere(port));
    }
    assertThat(told.toString()).contains("Everything held.");
    assertThat(home.resolve("stack.json")).doesNotExist();

    // Its data is kept: the repository is still connected, and the same token opens the API.
    // Who says so opens the ingress, and nothing else.
    try (Stack stack = TestStack.start(home, Map.of("CINCH_HOST", ELSEWHERE))) {
      int ingress = stack.addresses().ingress().getPort();
      assertThat(ports(stack.addresses()))
          .allMatch(port -> answersElsewhere(port) == (port == ingress));
      assertThat(stack.addresses().apiToken()).isEqualTo(apiToken);
      assertThat(new Api(stack.addresses()).get("/repositories").path("items"))
          .singleElement()
          .satisfies(
              repository -> assertThat(repository.path("fullName").asText()).isEqualTo("acme/app"));
    }
  }

  private static List<Integer> ports(Addresses addresses) {
    return List.of(
        addresses.ingress().getPort(),
        addresses.tokenService().getPort(),
        addresses.simulator().orElseThrow().getPort(),
        URI.create("kafka://" + addresses.kafka().bootstrapServers()).getPort(),
        URI.create(addresses.database().url().substring("jdbc:".length())).getPort());
  }

  private static boolean answersElsewhere(int port) {
    try (Socket socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 2}), port)) {
      return socket.isConnected();
    } catch (IOException refused) {
      return false;
    }
  }
}
