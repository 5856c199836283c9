package sh.cinch.service.keyset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import sh.cinch.database.token_service.tables.records.CredentialRecord;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;
import sh.cinch.tokenservice.credential.Ciphertext;
import sh.cinch.tokenservice.credential.Credential;

/** Secrets on their way to another key. */
class ReencryptionTest {

  private final Rows rows = new Rows();
  private final Keyset first = Keyset.fresh();
  private final Keyset prepared = first.withFreshKey();
  private final Keyset rotated = prepared.withPrimary(prepared.newest());
  private final Vault old = Vault.open(first.text());
  private final Vault now = Vault.open(rotated.text());
  private final Ciphertexts<CredentialRecord> ciphertexts =
      new Ciphertexts<>(rows.database, Ciphertext.TABLE);

  @AfterEach
  void close() {
    rows.close();
  }

  @Test
  void everythingIsMovedToThePrimaryKeyAndMeansWhatItMeant() {
    List<Credential> granted = grants(3);

    Rows.untilDone(rows.reencryption(now, 2));

    assertThat(ciphertexts.keys()).containsExactly(rotated.primary());
    Vault pruned = Vault.open(rotated.withPrimaryOnly().text());
    for (Credential before : granted) {
      Credential after = rows.find(before.id());
      assertThat(rows.with(pruned).authorization(after))
          .isEqualTo(rows.with(old).authorization(before));
      assertThat(rows.with(pruned).refreshToken(after))
          .isEqualTo(rows.with(old).refreshToken(before));
      assertThat(after.version()).as("nothing else has changed").isEqualTo(before.version());
    }
  }

  @Test
  void whatOneInstanceLeftHalfDoneAnotherFinishes() {
    grants(3);
    assertThat(rows.reencryption(now, 1).run()).isTrue();
    assertThat(ciphertexts.count(now.lasting())).isEqualTo(new Ciphertexts.Count(2, 4));

    Reencryption<CredentialRecord> another = rows.reencryption(Vault.open(rotated.text()), 1);
    Rows.untilDone(another);

    assertThat(ciphertexts.count(now.lasting())).isEqualTo(new Ciphertexts.Count(6, 0));
  }

  @Test
  void severalInstancesAtOnceDoNoHarm() throws Exception {
    List<Credential> granted = grants(20);

    List<Thread> instances =
        IntStream.range(0, 3)
            .mapToObj(
                i -> Thread.ofVirtual().start(() -> Rows.untilDone(rows.reencryption(now, i + 1))))
            .toList();
    for (Thread instance : instances) {
      instance.join();
    }

    assertThat(ciphertexts.keys()).containsExactly(rotated.primary());
    granted.forEach(
        credential ->
            assertThat(rows.with(now).refreshToken(rows.find(credential.id())))
                .isEqualTo(rows.with(old).refreshToken(credential)));
  }

  @Test
  void aTokenThatWasReplacedMeanwhileIsNotOverwritten() {
    Credential granted = grants(1).getFirst();
    Reencryption<CredentialRecord> reencryption = rows.reencryption(now, 10);
    List<Sealed<CredentialRecord>> read = ciphertexts.notUnder(now.lasting(), Optional.empty(), 10);
    assertThat(read).hasSize(2);

    // By an instance that has not seen the new keyset, so that its bytes are under the old key.
    assertThat(rows.with(old).replace(granted, rows.token("newer"))).isPresent();
    List<byte[]> newer = bytes(granted.id());

    assertThat(read).extracting(reencryption::move).containsOnly(Reencryption.Turn.OVERTAKEN);
    assertThat(bytes(granted.id())).usingRecursiveComparison().isEqualTo(newer);

    Rows.untilDone(reencryption);
    assertThat(rows.with(now).refreshToken(rows.find(granted.id())))
        .contains(Secret.of("newer-refresh"));
  }

  @Test
  void whatAnotherInstanceHasMovedIsNotMovedAgain() {
    Credential granted = grants(1).getFirst();
    List<Sealed<CredentialRecord>> read = ciphertexts.notUnder(now.lasting(), Optional.empty(), 10);
    rows.reencrypt(now);
    List<byte[]> moved = bytes(granted.id());

    Reencryption<CredentialRecord> late = rows.reencryption(now, 10);
    assertThat(read).extracting(late::move).containsOnly(Reencryption.Turn.OVERTAKEN);
    assertThat(bytes(granted.id())).usingRecursiveComparison().isEqualTo(moved);
  }

  @Test
  void aRefreshUnderWayIsNotDisturbed() {
    Credential granted = grants(1).getFirst();
    Credential claimed = rows.with(old).claim(granted, Duration.ofSeconds(15)).orElseThrow();

    Rows.untilDone(rows.reencryption(now, 10));

    assertThat(rows.find(granted.id()).version()).isEqualTo(claimed.version());
    assertThat(rows.with(old).save(claimed.due(rows.clock.instant()))).isPresent();
  }

  @Test
  void aRowThatChangedOtherwiseIsLeftForTheNextTurn() {
    Credential granted = grants(1).getFirst();
    Reencryption<CredentialRecord> reencryption = rows.reencryption(now, 10);
    Sealed<CredentialRecord> read =
        ciphertexts.notUnder(now.lasting(), Optional.empty(), 10).getFirst();
    List<byte[]> before = bytes(granted.id());
    assertThat(rows.with(old).claim(granted, Duration.ofSeconds(15))).isPresent();

    assertThat(reencryption.move(read)).isEqualTo(Reencryption.Turn.OVERTAKEN);
    assertThat(bytes(granted.id())).usingRecursiveComparison().isEqualTo(before);
    Rows.untilDone(reencryption);
    assertThat(ciphertexts.keys()).containsExactly(rotated.primary());
  }

  @Test
  void swappedCiphertextsAreLeftAsTheyAreAndReported() {
    List<Credential> granted = grants(5);
    UUID ada = granted.get(0).id();
    UUID bo = granted.get(3).id();
    rows.swap(ada, bo);
    List<byte[]> swapped = bytes(ada);
    Reencryption<CredentialRecord> reencryption = rows.reencryption(now, 1);

    List<String> errors = errors(() -> Rows.untilDone(reencryption));

    assertThat(reencryption.unreadable()).isEqualTo(4);
    assertThat(errors).hasSize(4).anySatisfy(line -> assertThat(line).contains(ada.toString()));
    assertThat(bytes(ada)).usingRecursiveComparison().isEqualTo(swapped);
    assertThatThrownBy(() -> rows.with(now).authorization(rows.find(ada)))
        .isInstanceOf(Vault.Unreadable.class);
    assertThat(ciphertexts.count(now.lasting())).isEqualTo(new Ciphertexts.Count(6, 4));

    assertThat(errors(() -> Rows.untilDone(reencryption))).as("said once").isEmpty();
    assertThat(reencryption.unreadable()).as("found again").isEqualTo(4);
    rows.swap(ada, bo);
    Rows.untilDone(reencryption);
    assertThat(reencryption.unreadable()).isZero();
    assertThat(ciphertexts.keys()).containsExactly(rotated.primary());
  }

  @Test
  void bytesThatNameNoKeyAreLeftAndReported() {
    Credential granted = grants(1).getFirst();
    rows.database
        .sql()
        .execute("update token_service.credential set refresh_secret = '\\xdead'::bytea");
    Reencryption<CredentialRecord> reencryption = rows.reencryption(now, 1);

    Rows.untilDone(reencryption);

    assertThat(reencryption.unreadable()).isEqualTo(1);
    assertThat(rows.bytes(granted.id(), Rows.COLUMNS.getLast())).hasSize(2);
  }

  @Test
  void whoeverHasTheNewKeyAndDoesNotUseItYetMovesNothingBack() {
    grants(1);
    Rows.untilDone(rows.reencryption(now, 10));

    Rows.untilDone(rows.reencryption(Vault.open(prepared.text()), 10));

    assertThat(ciphertexts.keys()).containsExactly(rotated.primary());
  }

  @Test
  void aCiphertextOfAKeyThatIsNotThereIsLeft() {
    grants(1);
    Collection<KeyId> keys = ciphertexts.keys();
    Reencryption<CredentialRecord> stranger = rows.reencryption(Vault.open(Vault.newKeyset()), 10);

    Rows.untilDone(stranger);

    assertThat(stranger.unreadable()).isEqualTo(2);
    assertThat(ciphertexts.keys()).isEqualTo(keys);
  }

  private List<Credential> grants(int howMany) {
    return IntStream.range(0, howMany).mapToObj(i -> rows.grant(old, "person-" + i)).toList();
  }

  private List<byte[]> bytes(UUID credential) {
    return Rows.COLUMNS.stream().map(column -> rows.bytes(credential, column)).toList();
  }

  private static List<String> errors(Runnable work) {
    Logger logger = (Logger) LoggerFactory.getLogger(Reencryption.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      work.run();
    } finally {
      logger.detachAppender(log);
    }
    return log.list.stream()
        .filter(event -> event.getLevel().equals(Level.ERROR))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }
}
