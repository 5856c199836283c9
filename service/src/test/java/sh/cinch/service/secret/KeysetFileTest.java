package sh.cinch.service.secret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A keyset's file that changes under a running process. */
class KeysetFileTest {

  private static final CiphertextLocation HERE =
      new CiphertextLocation("token_service.credential", "1", "refresh_secret");

  private final ListAppender<ILoggingEvent> log = new ListAppender<>();
  private final Keyset old = Keyset.fresh();
  private final Keyset prepared = old.withFreshKey();
  private final Keyset rotated = prepared.withPrimary(prepared.newest());
  private Path file;
  private Vault vault;

  @BeforeEach
  void open(@TempDir Path folder) throws IOException {
    log.start();
    logger().addAppender(log);
    file = folder.resolve("keyset.json");
    write(old);
    vault = Vault.openFile(file);
  }

  @AfterEach
  void detach() {
    logger().detachAppender(log);
  }

  @Test
  void aRotatedFileIsTakenWhenSomebodyLooks() throws IOException {
    write(rotated);
    assertThat(vault.primary()).isEqualTo(old.primary());

    assertThat(vault.look()).isTrue();
    assertThat(vault.primary()).isEqualTo(rotated.primary());
    assertThat(vault.keys()).isEqualTo(rotated.keys());
    assertThat(vault.look()).as("nothing has changed since").isFalse();
  }

  @Test
  void whatAnotherProcessWroteWithTheNewKeyOpensBeforeAnybodyLooked() throws IOException {
    write(rotated);
    byte[] theirs = Vault.openFile(file).seal(Secret.of("r2"), HERE);

    assertThat(vault.unseal(theirs, HERE).reveal()).isEqualTo("r2");
    assertThat(vault.primary()).isEqualTo(rotated.primary());
  }

  @Test
  void aMovedCiphertextDoesNotMakeItReadTheFile() throws IOException {
    byte[] sealed = vault.seal(Secret.of("r1"), HERE);
    write(rotated);

    assertThatThrownBy(() -> vault.unseal(sealed, new CiphertextLocation("a", "b", "c")))
        .isInstanceOf(Vault.Unreadable.class);
    assertThat(vault.primary()).isEqualTo(old.primary());
  }

  @Test
  void aFileThatIsNoKeysetOrGoneIsRefusedAndTheOldOneStaysInForce() throws IOException {
    byte[] sealed = vault.seal(Secret.of("r1"), HERE);
    Files.writeString(file, "{\"key\":\"hunter2\"}");
    assertThat(vault.look()).isFalse();
    assertThat(vault.look()).isFalse();
    assertThat(errors()).hasSize(1);
    assertThat(errors().getFirst())
        .contains(file.toString(), "the keyset in force stays", "not a Tink keyset")
        .doesNotContain("hunter2");
    assertThat(vault.refused()).contains("not a Tink keyset for AEAD in JSON");

    Files.delete(file);
    assertThat(vault.look()).isFalse();
    assertThat(errors().getLast()).contains("it cannot be read");
    assertThat(vault.unseal(sealed, HERE).reveal()).isEqualTo("r1");

    write(rotated);
    assertThat(vault.look()).isTrue();
    assertThat(vault.refused()).isEmpty();
  }

  @Test
  void anEmptyFileIsRefused() throws IOException {
    Files.writeString(file, "");
    assertThat(vault.look()).isFalse();
    assertThat(vault.refused()).isPresent();
  }

  @Test
  void aKeysetOfSomebodyElseIsRefused() throws IOException {
    write(Keyset.fresh());
    assertThat(vault.look()).isFalse();
    assertThat(vault.refused().orElseThrow()).contains("lacks a key of the one in force");

    write(Keysets.withOtherKeys(old));
    assertThat(vault.look()).as("the same id, another key").isFalse();
    assertThat(vault.primary()).isEqualTo(old.primary());
  }

  @Test
  void oneThatDropsKeysIsTakenOnceNobodyObjects() throws IOException {
    write(rotated);
    AtomicReference<Optional<String>> objection =
        new AtomicReference<>(Optional.of("credentials are still under the old one"));
    Vault guarded =
        Vault.openFile(file)
            .guardedBy(
                candidate -> {
                  assertThat(candidate.keys()).containsExactly(rotated.primary());
                  return objection.get();
                });
    write(rotated.withPrimaryOnly());
    assertThat(guarded.look()).isFalse();
    assertThat(guarded.refused()).contains("credentials are still under the old one");
    assertThat(guarded.keys()).isEqualTo(rotated.keys());

    objection.set(Optional.empty());
    assertThat(guarded.look()).isTrue();
    assertThat(guarded.keys()).containsExactly(rotated.primary());
  }

  @Test
  void aFileThatIsNotThereIsNotOpened() {
    assertThatThrownBy(() -> Vault.openFile(file.resolveSibling("none")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot read the file")
        .hasMessageContaining("none");
  }

  private void write(Keyset keyset) throws IOException {
    Files.writeString(file, keyset.text().reveal() + "\n");
  }

  private List<String> errors() {
    return log.list.stream()
        .filter(event -> event.getLevel() == Level.ERROR)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static Logger logger() {
    return (Logger) LoggerFactory.getLogger(Keyring.class);
  }
}
