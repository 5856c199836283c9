package sh.cinch.testkit;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Webhook bodies and what is to be made of them: those of the folder that {@code -Dpayloads=DIR}
 * names, or our own.
 */
public record Payloads(Optional<Path> folder) {

  private static final JsonMapper MAPPER = new JsonMapper();

  /** A body, and the pushes it tells of. */
  public record Entry(String file, String eventKey, String product, List<Expected> expect) {}

  /** What is to be read of a changed ref. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  public record Expected(
      String ref,
      String type,
      @Nullable String old,
      @JsonProperty("new") @Nullable String newHash,
      boolean created,
      boolean deleted,
      @Nullable Boolean forced) {}

  public static Payloads given() {
    return new Payloads(Optional.ofNullable(System.getProperty("payloads")).map(Path::of));
  }

  public static Payloads own() {
    return new Payloads(Optional.empty());
  }

  /** Those of Bitbucket Cloud; the index may list others. */
  public List<Entry> cloud() throws IOException {
    List<Entry> all = MAPPER.readValue(body("index.json"), new TypeReference<>() {});
    return all.stream().filter(entry -> entry.product().equals("Cloud")).toList();
  }

  /** The pushes among them. */
  public List<Entry> pushes() throws IOException {
    return cloud().stream().filter(entry -> entry.eventKey().equals("repo:push")).toList();
  }

  public byte[] body(String file) throws IOException {
    if (folder.isPresent()) {
      return Files.readAllBytes(folder.get().resolve(file));
    }
    try (InputStream own = Payloads.class.getResourceAsStream("/payloads/" + file)) {
      return Objects.requireNonNull(own, file).readAllBytes();
    }
  }
}
