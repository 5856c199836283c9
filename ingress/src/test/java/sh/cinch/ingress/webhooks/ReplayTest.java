package sh.cinch.ingress.webhooks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import sh.cinch.bitbucket.webhook.PayloadRepository;
import sh.cinch.ingress.running.Connected;
import sh.cinch.ingress.running.SharedServers;
import sh.cinch.ingress.running.TestParts;
import sh.cinch.ingress.running.WebhookSide;
import sh.cinch.schema.event.PushEvent;

/**
 * Every body of a folder, delivered, gives exactly the events its index lists: the folder that
 * {@code -Dpayloads=DIR} names, else our own.
 */
class ReplayTest {

  record Body(String file, String eventKey, String product, List<Expected> expect) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Expected(
      String ref,
      String type,
      @Nullable String old,
      @JsonProperty("new") @Nullable String newHash,
      boolean created,
      boolean deleted,
      @Nullable Boolean forced) {

    static Expected of(PushEvent event) {
      return new Expected(
          event.ref(),
          event.type().name().toLowerCase(Locale.ROOT),
          event.oldHash(),
          event.newHash(),
          event.change() == PushEvent.Change.CREATED,
          event.change() == PushEvent.Change.DELETED,
          event.forced());
    }
  }

  private static TestParts parts;
  private static WebhookSide side;

  private final Path folder = folder();

  @BeforeAll
  static void start() {
    parts = SharedServers.context();
    side = new WebhookSide(parts);
  }

  @AfterAll
  static void stop() {
    side.close();
    parts.close();
  }

  @Test
  void thereAreSome() throws IOException {
    assertThat(bodies()).isNotEmpty();
  }

  @TestFactory
  Stream<DynamicTest> everyBodyGivesItsEvents() throws IOException {
    return bodies().stream()
        .map(body -> DynamicTest.dynamicTest(body.file(), () -> givesItsEvents(body)));
  }

  private void givesItsEvents(Body body) throws IOException {
    byte[] bytes = Files.readAllBytes(folder.resolve(body.file()));
    Connected connected = connect(bytes);

    int status = connected.delivery(bytes).with("X-Event-Key", body.eventKey()).status();

    assertThat(status).isEqualTo(body.expect().isEmpty() ? 200 : 202);
    assertThat(side.events(connected))
        .extracting(Expected::of)
        .containsExactlyElementsOf(body.expect());
  }

  /** The repository the body is about: as a new one each time, so that it has no other events. */
  private static Connected connect(byte[] body) {
    return switch (PayloadRepository.parse(body)) {
      case PayloadRepository.About(var about) -> {
        Connected connected =
            side.connect(about.uuid(), Objects.requireNonNullElse(about.fullName(), "a/b"), false);
        side.bind(connected);
        yield connected;
      }
      case PayloadRepository.Unnamed() -> throw new AssertionError("no repository in it");
      case PayloadRepository.NotJson(String why) -> throw new AssertionError(why);
    };
  }

  private List<Body> bodies() throws IOException {
    List<Body> all =
        new JsonMapper().readValue(folder.resolve("index.json").toFile(), new TypeReference<>() {});
    return all.stream().filter(body -> body.product().equals("Cloud")).toList();
  }

  private static Path folder() {
    String given = System.getProperty("payloads");
    return given == null ? own() : Path.of(given);
  }

  private static Path own() {
    try {
      var index = Objects.requireNonNull(ReplayTest.class.getResource("/payloads/index.json"));
      return Objects.requireNonNull(Path.of(index.toURI()).getParent());
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
