package sh.cinch.cli.operator;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import sh.cinch.service.secret.CiphertextLocation;
import sh.cinch.service.secret.KeyId;
import sh.cinch.service.secret.Keyset;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.secret.Vault;

/** Changing the key: what the commands do to a file, and what they ask of services. */
@Timeout(60)
class KeysetCommandsTest {

  private record Said(int code, String out, String err) {}

  private final Deque<JsonObject> reports = new ArrayDeque<>();
  private final Keyset old = Keyset.fresh();
  private Path file;
  private HttpServer service;

  @BeforeEach
  void start(@TempDir Path folder) throws IOException {
    file = folder.resolve("keyset.json");
    write(old.text().reveal());
    service = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    service.createContext(
        "/keyset",
        exchange -> {
          // The last one is what is so from then on.
          JsonObject report = reports.size() > 1 ? reports.poll() : reports.getFirst();
          byte[] body = report.encode().getBytes(UTF_8);
          exchange.sendResponseHeaders(report.containsKey("status") ? 503 : 200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    service.start();
  }

  @AfterEach
  void stop() {
    service.stop(0);
  }

  @Test
  void keysetPrintsOneThatOpensWhatItSealed() {
    StringWriter out = new StringWriter();
    int code = new CommandLine(new KeysetCommand()).setOut(new PrintWriter(out)).execute();
    assertThat(code).isZero();
    Vault vault = Vault.open(Secret.of(out.toString().strip()));
    CiphertextLocation place = new CiphertextLocation("table", "row", "column");
    assertThat(vault.unseal(vault.seal(Secret.of("s"), place), place).reveal()).isEqualTo("s");
  }

  @Test
  void rotateAddsAKeyThatEncryptsAndKeepsTheOld() throws IOException {
    Said said = cinch("rotate", file.toString());

    Keyset now = read();
    assertThat(said.code()).isZero();
    assertThat(now.primary()).isNotEqualTo(old.primary());
    assertThat(now.keys()).containsExactlyInAnyOrder(old.primary(), now.primary());
    assertThat(said.out())
        .contains("Key %s encrypts from now on; key %s".formatted(now.primary(), old.primary()))
        .contains("keyset status --follow --primary " + now.primary())
        .doesNotContain("\"keyData\"");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var left = Files.list(file.getParent())) {
      assertThat(left).containsExactly(file);
    }
  }

  @Test
  void rotateInTwoStepsFirstOnlyPrepares() throws IOException {
    Said prepared = cinch("rotate", "--prepare", file.toString());
    Keyset between = read();
    assertThat(between.primary()).isEqualTo(old.primary());
    assertThat(between.keys()).hasSize(2);
    assertThat(prepared.out()).contains("rotate --primary " + between.newest());

    Said done = cinch("rotate", "--primary", between.newest().toString(), file.toString());
    assertThat(done.code()).isZero();
    assertThat(read().primary()).isEqualTo(between.newest());
    assertThat(read().keys()).isEqualTo(between.keys());
  }

  @Test
  void whatIsNoKeysetIsLeftAsItIs() throws IOException {
    write("hunter2");
    for (String command : List.of("rotate", "prune")) {
      Said said = cinch(command, file.toString());

      assertThat(said.code()).isEqualTo(1);
      assertThat(said.err())
          .contains(file.toString(), "not a Tink keyset", "Nothing was changed")
          .doesNotContain("hunter2");
      assertThat(file).hasContent("hunter2");
    }
    Said none = cinch("rotate", file.resolveSibling("none").toString());
    assertThat(none.code()).isEqualTo(1);
    assertThat(none.err()).contains("cannot read the keyset in", "none");
    assertThat(file.resolveSibling("none")).doesNotExist();
  }

  @Test
  void aKeyThatIsNotThereDoesNotBecomePrimary() throws IOException {
    Said said = cinch("rotate", "--primary", "7", file.toString());

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("has no key 7", old.primary().toString());
    assertThat(read().text()).isEqualTo(old.text());
  }

  @Test
  void aLinkStaysALink() throws IOException {
    Path link = Files.createSymbolicLink(file.resolveSibling("link"), file);

    assertThat(cinch("rotate", link.toString()).code()).isZero();

    assertThat(link).isSymbolicLink();
    assertThat(read().keys()).hasSize(2);
  }

  @Test
  void statusFollowsUntilNothingIsLeft() {
    reports.add(report(old.primary(), 16, 0, 0));
    reports.add(report(new KeyId(7), 4, 12, 0));
    reports.add(report(new KeyId(7), 16, 0, 0));

    Said said = cinch("status", "--follow", "--primary", "7", "--management", url());

    assertThat(said.code()).isZero();
    assertThat(said.out().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("key " + old.primary()),
            line -> assertThat(line).contains("key 7  4 of 16 secrets under it"),
            line -> assertThat(line).contains("key 7  ✔ 16 of 16 secrets under it"));
  }

  @Test
  void statusSaysByItsCodeHowItStands() {
    reports.add(report(new KeyId(7), 4, 12, 0));
    assertThat(cinch("status", "--management", url()).code()).as("not done").isEqualTo(3);

    reports.clear();
    reports.add(report(new KeyId(7), 12, 0, 4));
    Said unreadable = cinch("status", "--follow", "--management", url());
    assertThat(unreadable.code()).isEqualTo(1);
    assertThat(unreadable.out()).contains("4 do not open");

    reports.clear();
    reports.add(report(new KeyId(7), 16, 0, 0).put("refused", "it cannot be read"));
    Said refused = cinch("status", "--management", url());
    assertThat(refused.code()).isEqualTo(1);
    assertThat(refused.out()).contains("did not take what lies in its file: it cannot be read");

    reports.clear();
    reports.add(new JsonObject().put("status", 503).put("detail", "PostgreSQL is away."));
    Said away = cinch("status", "--follow", "--management", url());
    assertThat(away.code()).isEqualTo(1);
    assertThat(away.out()).contains("cannot tell: PostgreSQL is away.");

    assertThat(cinch("status", "--management", "localhost:9081").err())
        .contains("'localhost:9081' is not the address of a management port");
  }

  @Test
  void servicesThatEncryptWithDifferentKeysAreNotDone() {
    reports.add(report(new KeyId(7), 16, 0, 0));
    reports.add(report(new KeyId(8), 16, 0, 0));

    assertThat(cinch("status", "--management", url(), "--management", url()).code()).isEqualTo(3);
  }

  @Test
  void statusTellsScriptsInJson() {
    reports.add(report(new KeyId(7), 4, 12, 0));

    Said said = cinch("status", "--json", "--management", url());

    assertThat(new JsonArray(said.out()).getJsonObject(0).getMap())
        .containsEntry("management", url().replace("http://", ""))
        .containsEntry("primary", "7")
        .containsEntry("remaining", 12);
  }

  @Test
  void aServiceThatDoesNotAnswerIsSaidSo() {
    service.stop(0);

    Said said = cinch("status", "--follow", "--management", url());

    assertThat(said.code()).isEqualTo(1);
    assertThat(said.out()).contains("does not answer", "CINCH_MANAGEMENT_PORT");
  }

  @Test
  void pruneTakesTheOldKeysOutOnceNothingIsUnderThem() throws IOException {
    cinch("rotate", file.toString());
    KeyId now = read().primary();
    reports.add(report(now, 16, 0, 0));

    Said said = cinch("prune", file.toString(), "--management", url());

    assertThat(said.code()).isZero();
    assertThat(said.out()).contains("Removed key %s. Left: key %s.".formatted(old.primary(), now));
    assertThat(read().keys()).containsExactly(now);
    assertThat(cinch("prune", file.toString(), "--management", url()).out())
        .contains("nothing to remove");
  }

  @Test
  void pruneRemovesNothingWhileAnOldKeyMayBeNeeded() throws IOException {
    cinch("rotate", file.toString());
    Keyset both = read();
    for (JsonObject report :
        List.of(
            report(old.primary(), 16, 0, 0),
            report(both.primary(), 15, 1, 0),
            report(both.primary(), 15, 0, 1),
            new JsonObject().put("status", 503).put("detail", "PostgreSQL is away."))) {
      reports.clear();
      reports.add(report(both.primary(), 16, 0, 0));
      reports.add(report);

      Said said = cinch("prune", "--management", url(), "--management", url(), file.toString());

      assertThat(said.code()).as(report.encode()).isEqualTo(1);
      assertThat(said.err()).contains("Nothing was changed");
      assertThat(read().keys()).isEqualTo(both.keys());
    }
  }

  @Test
  void whoseKeysetItIsSaysWhomToAsk() {
    assertThat(cinch("status", "--service", "ingress", "--management", "http://localhost:1").err())
        .isEmpty();
    Said said = cinch("status", "--service", "simulator");
    assertThat(said.code()).isEqualTo(1);
    assertThat(said.err()).contains("token-service and ingress have keysets");
  }

  @Test
  void everyCommandExplainsItself() {
    for (String command : List.of("rotate", "status", "prune")) {
      assertThat(cinch(command, "--help").code()).isZero();
    }
    assertThat(cinch("--help").out()).contains("rotate", "status", "prune");
    assertThat(cinch("rotate").code()).as("without a file").isEqualTo(2);
  }

  @Test
  void whatAServiceSaysPlaysWithNoTerminal() {
    String evil = "\u001b]0;owned\u0007\u202e\nINJECTED";
    reports.add(report(old.primary(), 1, 0, 0).put("refused", evil));
    Said told = cinch("status", "--management", url());
    Said json = cinch("status", "--json", "--management", url());
    reports.clear();
    reports.add(new JsonObject().put("status", 503).put("detail", evil));
    Said silent = cinch("prune", "--management", url(), file.toString());

    assertThat(List.of(told, json, silent))
        .allSatisfy(
            said ->
                assertThat(said.out() + said.err())
                    .contains("owned")
                    .doesNotContain("\u001b", "\u0007", "\u202e", "\nINJECTED"));
  }

  private Said cinch(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine command = Main.command(new PrintWriter(out), new PrintWriter(err));
    String[] all = new String[arguments.length + 1];
    all[0] = "keyset";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    int code = command.execute(all);
    return new Said(code, out.toString(), err.toString());
  }

  private String url() {
    return "http://localhost:" + service.getAddress().getPort();
  }

  private static JsonObject report(KeyId primary, long sealed, long remaining, long unreadable) {
    return new JsonObject()
        .put("primary", primary.toString())
        .put("keys", new JsonArray().add(primary.toString()))
        .put("sealed", sealed)
        .put("remaining", remaining)
        .put("unreadable", unreadable);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private Keyset read() throws IOException {
    return Keyset.parse(Secret.of(Files.readString(file).strip()));
  }
}
