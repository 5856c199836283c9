package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HomeTest {

  @TempDir Path directory;

  @Test
  void portIsTheSameNextTime() {
    try (Home home = Home.kept(directory)) {
      int first = home.port(0);
      assertThat(home.port(0)).isEqualTo(first);
    }
  }

  @Test
  void portTakenForWantOfThePreferredOneStaysWhenThatIsFreeAgain() throws Exception {
    try (Home home = Home.kept(directory)) {
      int preferred;
      int second;
      try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        preferred = taken.getLocalPort();
        second = home.port(preferred);
      }
      assertThat(second).isNotEqualTo(preferred);
      assertThat(home.port(preferred)).isEqualTo(second);
    }
  }

  @Test
  void otherPreferenceCountsMoreThanTheLastPort() {
    try (Home home = Home.kept(directory)) {
      int last = home.port(0);
      int preferred = Ports.firstFree();
      assertThat(preferred).isNotEqualTo(last);
      assertThat(home.port(preferred)).isEqualTo(preferred);
    }
  }

  @Test
  void unreadablePortFileIsNoPort() throws Exception {
    Files.writeString(directory.resolve("port.0"), "eighty");
    try (Home home = Home.kept(directory)) {
      assertThat(home.port(0)).isPositive();
    }
  }

  @Test
  void onlyItsOwnerOpensItAndReadsThePassword() throws Exception {
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Home home = Home.kept(directory)) {
      assertThat(home.password()).hasSizeGreaterThan(20);
      assertThat(Files.getPosixFilePermissions(directory))
          .isEqualTo(PosixFilePermissions.fromString("rwx------"));
      assertThat(Files.getPosixFilePermissions(directory.resolve("password")))
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void passwordStaysAsLongAsTheData() {
    String first;
    try (Home home = Home.kept(directory)) {
      first = home.password();
    }
    try (Home home = Home.kept(directory)) {
      assertThat(home.password()).isEqualTo(first);
    }
    try (Home home = Home.fresh(directory)) {
      assertThat(home.password()).isNotEqualTo(first);
    }
  }

  @Test
  void newPasswordFindsNoOldDataAlsoWhereOneWasKilledInBetween() throws Exception {
    try (Home killed = Home.fresh(directory)) {
      Files.createDirectory(killed.data());
      killed.password();
    }
    try (Home home = Home.kept(directory)) {
      home.begin();

      assertThat(home.data()).doesNotExist();
    }
  }

  @Test
  void temporaryHomesOfTheDeadAreFoundButNotThoseInUse() throws Exception {
    String server = directory.getFileName().toString(); // unlike any other test's
    Path temporaries = OwnDirectory.named("temporary").resolve(server);
    try (Home inUse = Home.temporary(server)) {
      assertThat(inUse.data().getParent()).exists();
      Path left = Files.createTempDirectory(temporaries, "").toRealPath();
      Instant now = Instant.now();

      assertThat(Home.abandoned(server, now)).isEmpty();
      assertThat(Home.abandoned(server, now.plus(Duration.ofMinutes(2))))
          .singleElement()
          .satisfies(home -> assertThat(home.data().getParent()).isEqualTo(left))
          .satisfies(Home::close);

      assertThat(left).doesNotExist();
    }
    Files.delete(temporaries);
  }
}
