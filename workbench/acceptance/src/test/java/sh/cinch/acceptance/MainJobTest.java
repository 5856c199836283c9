package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import sh.cinch.local.demo.Demo;
import sh.cinch.local.stack.Stack;

/** What {@code ./cinch demo} shows holds, also after everything was stopped and started again. */
@Execution(ExecutionMode.CONCURRENT)
class MainJobTest {

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
    }
    assertThat(told.toString()).contains("Everything held.");
    assertThat(home.resolve("stack.json")).doesNotExist();

    // Its data is kept: the repository is still connected, and the same token opens the API.
    try (Stack stack = TestStack.start(home)) {
      assertThat(stack.addresses().apiToken()).isEqualTo(apiToken);
      assertThat(new Api(stack.addresses()).get("/repositories").path("items"))
          .singleElement()
          .satisfies(
              repository -> assertThat(repository.path("fullName").asText()).isEqualTo("acme/app"));
    }
  }
}
