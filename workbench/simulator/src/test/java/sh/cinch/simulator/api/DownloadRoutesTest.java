package sh.cinch.simulator.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static sh.cinch.simulator.Multipart.END;
import static sh.cinch.simulator.Multipart.part;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.simulator.Answer;
import sh.cinch.simulator.Multipart;
import sh.cinch.simulator.TestBitbucket;
import sh.cinch.simulator.world.Download;

class DownloadRoutesTest {
  private static final String DOWNLOADS = "/repositories/acme/app/downloads";

  @TempDir private Path directory = Path.of("");

  private TestBitbucket bitbucket = TestBitbucket.start();
  private String token = "";

  @BeforeEach
  void repository() {
    bitbucket.close();
    open();
    bitbucket.repository("acme/app");
    token = bitbucket.repositoryToken("acme/app", "repository:write");
  }

  private void open() {
    bitbucket = TestBitbucket.keptIn(directory.resolve("simulator.json"));
  }

  @AfterEach
  void close() {
    bitbucket.close();
  }

  private Answer upload(String name, String content) {
    return Multipart.upload(bitbucket, token, name, content);
  }

  private Answer fetch(String name) {
    return bitbucket.call(
        "GET", bitbucket.get(DOWNLOADS + "/" + name, token).header("Location"), "");
  }

  private JsonNode seen() {
    return bitbucket.control("GET", DOWNLOADS, "").at("/downloads");
  }

  private Path contents() {
    return directory.resolve("simulator.json.downloads");
  }

  private List<Path> files() {
    try (Stream<Path> files = Files.list(contents())) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void uploadedFileIsListedAndFetchedFromAnotherHost() {
    Answer uploaded = upload("app-1.0 (x).zip", "zipped\r\n--lim");

    assertThat(uploaded.status()).as(uploaded.body()).isEqualTo(201);
    Answer list = bitbucket.get(DOWNLOADS, token);
    assertThat(list.text("/values/0/type")).isEqualTo("download");
    assertThat(list.text("/values/0/name")).isEqualTo("app-1.0 (x).zip");
    assertThat(list.at("/values/0/size").asInt()).isEqualTo(13);
    assertThat(list.text("/values/0/user/type")).isEqualTo("app_user");
    assertThat(list.text("/values/0/created_on")).contains("T");
    String self = list.text("/values/0/links/self/href");
    assertThat(self).endsWith(DOWNLOADS + "/app-1.0%20%28x%29.zip");
    Answer redirect = bitbucket.get(self, token);
    assertThat(redirect.status()).isEqualTo(302);
    URI storage = URI.create(redirect.header("Location"));
    assertThat(storage.getAuthority())
        .isNotEqualTo(URI.create(bitbucket.url()).getAuthority())
        .startsWith("127.0.0.1:");
    Answer content = bitbucket.call("GET", storage.toString(), "");
    assertThat(content.status()).isEqualTo(200);
    assertThat(content.body()).isEqualTo("zipped\r\n--lim");
    assertThat(bitbucket.get(DOWNLOADS, token).at("/values/0/downloads").asInt()).isEqualTo(1);
  }

  @Test
  void listComesInPages() {
    for (int i = 0; i < 3; i++) {
      upload("f" + i, "x");
    }

    Answer first = bitbucket.get(DOWNLOADS + "?pagelen=2", token);
    Answer second = bitbucket.get(first.text("/next"), token);

    assertThat(first.at("/values")).hasSize(2);
    assertThat(second.text("/values/0/name")).isEqualTo("f2");
  }

  @Test
  void storageRefusesWhoeverShowsACredential() {
    upload("app.zip", "zipped");
    String storage = bitbucket.get(DOWNLOADS + "/app.zip", token).header("Location");

    assertThat(bitbucket.call("GET", storage, "", "Authorization", "Bearer " + token).status())
        .isEqualTo(400);
  }

  @Test
  void storageWantsASignatureThatIsRightAndYoung() {
    upload("app.zip", "zipped");
    String storage = bitbucket.get(DOWNLOADS + "/app.zip", token).header("Location");

    assertThat(bitbucket.call("GET", storage.replace("app.zip", "other.zip"), "").status())
        .isEqualTo(403);
    assertThat(bitbucket.call("GET", storage.replaceAll("\\?.*", ""), "").status()).isEqualTo(403);
    assertThat(bitbucket.call("GET", storage, "").status()).isEqualTo(200);
    bitbucket.clock().advance(Duration.ofMinutes(10));
    assertThat(bitbucket.call("GET", storage, "").status()).isEqualTo(403);
  }

  @Test
  void severalFilesComeInOneForm() {
    String form = part("files", "a.txt", "one") + part("files", "b.txt", "two") + END;

    assertThat(Multipart.post(bitbucket, token, form).status()).isEqualTo(201);
    assertThat(fetch("a.txt").body()).isEqualTo("one");
    assertThat(fetch("b.txt").body()).isEqualTo("two");
  }

  @Test
  void controlTellsSizeChecksumAndReplacements() {
    upload("app.zip", "old");
    upload("app.zip", "newer");

    JsonNode download = seen().get(0);

    assertThat(seen()).hasSize(1);
    assertThat(download.path("name").asText()).isEqualTo("app.zip");
    assertThat(download.path("size").asLong()).isEqualTo(5);
    assertThat(download.path("sha256").asText())
        .isEqualTo(Multipart.sha256("newer".getBytes(StandardCharsets.UTF_8)));
    assertThat(download.path("replaced").asInt()).isEqualTo(1);
    assertThat(bitbucket.simulator().downloads("acme", "app"))
        .extracting(Download::replaced)
        .containsExactly(1);
    await().untilAsserted(() -> assertThat(files()).as("the old content is gone").hasSize(1));
  }

  @Test
  void oldContentStaysUntilTheNewOneIsComplete() throws IOException {
    upload("app.zip", "old");
    try (Socket socket = Multipart.begin(bitbucket, token, "app.zip", 6)) {
      Multipart.write(socket, "new");
      await().untilAsserted(() -> assertThat(files()).hasSize(2));

      assertThat(fetch("app.zip").body()).isEqualTo("old");

      Multipart.write(socket, "er!\r\n" + END);
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 201");
    }
    assertThat(fetch("app.zip").body()).isEqualTo("newer!");
  }

  @Test
  void tornUploadLeavesNothing() throws IOException {
    upload("app.zip", "old");
    tear("app.zip");

    await().untilAsserted(() -> assertThat(torn()).isEqualTo(1));
    await().untilAsserted(() -> assertThat(files()).hasSize(1));
    assertThat(fetch("app.zip").body()).isEqualTo("old");
  }

  @Test
  void tornUploadIsKeptWhereThatIsSet() throws IOException {
    bitbucket.settings("{\"tornUploads\":\"kept\"}");
    upload("app.zip", "old");
    tear("app.zip");

    await().untilAsserted(() -> assertThat(torn()).isEqualTo(1));
    assertThat(fetch("app.zip").body()).isEqualTo("half");
    assertThat(seen().get(0).path("size").asInt()).isEqualTo(4);
  }

  private void tear(String name) throws IOException {
    int before = files().size();
    try (Socket socket = Multipart.begin(bitbucket, token, name, 8)) {
      Multipart.write(socket, "half");
      await()
          .untilAsserted(
              () ->
                  assertThat(files())
                      .hasSize(before + 1)
                      .anySatisfy(file -> assertThat(file).hasContent("half")));
    }
  }

  private int torn() {
    Answer requests = bitbucket.control("GET", "/requests?path=/2.0" + DOWNLOADS, "");
    int count = 0;
    for (JsonNode request : requests.at("/requests")) {
      count += request.path("status").asInt() == 0 ? request.path("count").asInt() : 0;
    }
    return count;
  }

  @Test
  void otherContentTypeIsNotAcceptable() {
    Answer answer = bitbucket.api("POST", DOWNLOADS, token, "{\"files\":\"app.zip\"}");

    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.text("/type")).isEqualTo("error");
  }

  static Stream<String> badForms() {
    String plain = "--limit\r\nContent-Disposition: form-data; name=\"files\"\r\n\r\nx\r\n";
    return Stream.of(
        "",
        "no form at all",
        END,
        plain + END,
        part("file", "a", "x") + END,
        part("files", "", "x") + END,
        part("files", "a", "no end"));
  }

  @ParameterizedTest
  @MethodSource("badForms")
  void otherFieldsAndBrokenFormsAreBadRequests(String form) {
    Answer answer = Multipart.post(bitbucket, token, form);

    assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    assertThat(seen()).isEmpty();
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @Test
  void readingIsNotEnoughToWrite() {
    upload("app.zip", "zipped");
    String reader = bitbucket.repositoryToken("acme/app", "repository");

    Answer refused = Multipart.upload(bitbucket, reader, "b.zip", "x");

    assertThat(refused.status()).isEqualTo(403);
    assertThat(refused.text("/error/detail/granted/0")).isEqualTo("repository");
    assertThat(refused.text("/error/detail/required/0")).isEqualTo("repository:write");
    assertThat(bitbucket.api("DELETE", DOWNLOADS + "/app.zip", reader, "").status()).isEqualTo(403);
    assertThat(bitbucket.get(DOWNLOADS, reader).at("/size").asInt()).isEqualTo(1);
  }

  @Test
  void nobodyUploadsWithoutAToken() {
    assertThat(Multipart.upload(bitbucket, "none", "b.zip", "x").status()).isEqualTo(401);
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @Test
  void tooLargeAnUploadIsRefusedBeforeItIsSent() throws IOException {
    bitbucket.settings("{\"largestUpload\":1000}");

    try (Socket socket = Multipart.begin(bitbucket, token, "app.zip", 5_000_000_000L)) {
      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 413");
    }
    assertThat(upload("small.zip", "x").status()).isEqualTo(201);
  }

  @Test
  void tooLargeAnUploadIsRefusedWhenItTurnsOutToBe() throws IOException {
    bitbucket.settings("{\"largestUpload\":1000}");
    try (Socket socket = new Socket("localhost", bitbucket.port())) {
      socket.setSoTimeout(10_000);
      Multipart.write(
          socket,
          """
          POST /2.0%s HTTP/1.1\r
          Host: localhost\r
          Authorization: Bearer %s\r
          Content-Type: %s\r
          Transfer-Encoding: chunked\r
          \r
          800\r
          %s\
          """
              .formatted(
                  DOWNLOADS, token, Multipart.TYPE, part("files", "a", "x".repeat(1500)).strip()));

      assertThat(new String(socket.getInputStream().readNBytes(12), StandardCharsets.UTF_8))
          .isEqualTo("HTTP/1.1 413");
    }
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @Test
  void fullRepositoryTakesNoMoreButReplacementsThatFit() {
    bitbucket.settings("{\"repositoryBytes\":10}");
    upload("a", "12345678");

    Answer refused = upload("b", "123");

    assertThat(refused.status()).isEqualTo(400);
    assertThat(refused.text("/error/message")).contains("would hold 11 bytes", "at most 10");
    assertThat(upload("a", "1234567890").status()).isEqualTo(201);
  }

  @Test
  void deletedFileIsGone() {
    upload("app.zip", "zipped");
    String storage = bitbucket.get(DOWNLOADS + "/app.zip", token).header("Location");

    assertThat(bitbucket.api("DELETE", DOWNLOADS + "/app.zip", token, "").status()).isEqualTo(204);

    assertThat(bitbucket.api("DELETE", DOWNLOADS + "/app.zip", token, "").status()).isEqualTo(404);
    assertThat(bitbucket.get(DOWNLOADS + "/app.zip", token).status()).isEqualTo(404);
    assertThat(bitbucket.call("GET", storage, "").status()).isEqualTo(404);
    assertThat(seen()).isEmpty();
    await().untilAsserted(() -> assertThat(files()).isEmpty());
  }

  @Test
  void contentsHaveAPoolOfTheirOwn() {
    upload("app.zip", "zipped");
    bitbucket.settings("{\"hourlyLimit\":2}");

    assertThat(bitbucket.get(DOWNLOADS, token).status()).isEqualTo(200);
    assertThat(bitbucket.get(DOWNLOADS, token).status()).isEqualTo(200);
    assertThat(upload("app.zip", "zipped").status()).isEqualTo(429);

    Answer file = bitbucket.get(DOWNLOADS + "/app.zip", token);
    assertThat(file.status()).isEqualTo(302);
    assertThat(file.header("X-RateLimit-Resource")).isEqualTo("raw-files");
  }

  @Test
  void downloadsSurviveARestart() throws IOException {
    upload("app.zip", "old");
    upload("app.zip", "zipped");
    upload("lost.zip", "lost");
    String lost = bitbucket.simulator().downloads("acme", "app").getLast().content().id();
    JsonNode before = seen();
    bitbucket.close();
    Files.delete(contents().resolve(lost));
    Files.writeString(contents().resolve("left-behind"), "x");

    open();

    assertThat(seen()).containsExactly(before.get(0));
    assertThat(fetch("app.zip").body()).isEqualTo("zipped");
    assertThat(files()).hasSize(1);
  }

  @Test
  void pageShowsDownloads() {
    upload("<b>.zip", "zipped");
    upload("<b>.zip", "zipped");

    assertThat(bitbucket.call("GET", "/acme/app", "").body())
        .contains("&lt;b&gt;.zip", "replaced 1×", "6 bytes");
  }
}
