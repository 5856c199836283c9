package sh.cinch.local.stack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeysTest {

  @Test
  void areMadeOnceAndReadByTheirOwnerOnly(@TempDir Path folder) throws IOException {
    Path file = folder.resolve("keys.properties");
    String first = Keys.in(file).get("api-token");
    assertThat(Keys.in(file).get("api-token")).isEqualTo(first).startsWith("cinch_");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    assertThat(Keys.in(folder.resolve("others")).get("api-token")).isNotEqualTo(first);
  }

  @Test
  void aTakenPortIsPassedOver() throws IOException {
    try (ServerSocket taken = new ServerSocket(0)) {
      assertThat(FreePort.preferring(taken.getLocalPort())).isNotEqualTo(taken.getLocalPort());
    }
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }
    assertThat(FreePort.preferring(free)).isEqualTo(free);
  }
}
