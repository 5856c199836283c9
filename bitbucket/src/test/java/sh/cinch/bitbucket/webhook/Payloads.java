package sh.cinch.bitbucket.webhook;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A folder of webhook bodies and what is to be made of them: the one that {@code -Dpayloads=DIR}
 * names, else our own.
 */
record Payloads(Path folder) {
  private static final JsonMapper MAPPER = new JsonMapper();

  record Entry(String file, String eventKey, String product, List<Expected> expect) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Expected(
      String ref,
      String type,
      @Nullable String old,
      @JsonProperty("new") @Nullable String newHash,
      boolean created,
      boolean deleted,
      @Nullable Boolean forced) {}

  static Payloads given() {
    String folder = System.getProperty("payloads");
    return folder == null ? own() : new Payloads(Path.of(folder));
  }

  static Payloads own() {
    try {
      var index = Objects.requireNonNull(Payloads.class.getResource("/payloads/index.json"));
      return new Payloads(Objects.requireNonNull(Path.of(index.toURI()).getParent()));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  /** The pushes of Bitbucket Cloud; the index may list others. */
  List<Entry> pushes() throws IOException {
    List<Entry> all =
        MAPPER.readValue(folder.resolve("index.json").toFile(), new TypeReference<>() {});
    return all.stream()
        .filter(entry -> entry.product().equals("Cloud") && entry.eventKey().equals("repo:push"))
        .toList();
  }

  byte[] body(String file) throws IOException {
    return Files.readAllBytes(folder.resolve(file));
  }
}
