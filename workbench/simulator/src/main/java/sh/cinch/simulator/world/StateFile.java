package sh.cinch.simulator.world;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The state as a JSON file, which only its owner may read: it holds tokens and secrets. */
final class StateFile {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .addModule(new Jdk8Module())
          .addModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          // questions such as Ref.isBranch are no part of the state
          .disable(MapperFeature.AUTO_DETECT_IS_GETTERS)
          .build();

  private final Path path;

  StateFile(Path path) {
    this.path = path.toAbsolutePath();
  }

  Optional<State.Snapshot> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      JsonNode saved = MAPPER.readTree(path.toFile());
      if (saved.get("settings") instanceof ObjectNode settings) {
        // those that are newer than the file are as in a fresh world
        MAPPER
            .<ObjectNode>valueToTree(Settings.defaults())
            .properties()
            .forEach(setting -> settings.putIfAbsent(setting.getKey(), setting.getValue()));
      }
      return Optional.of(MAPPER.treeToValue(saved, State.Snapshot.class));
    } catch (IOException e) {
      // the parser's message quotes what it read, and that may be a secret
      throw new IllegalStateException(
          "%s is not a state this simulator wrote; remove it to start afresh".formatted(path));
    }
  }

  /** Replaces the file as a whole: whoever reads it sees the old state or the new one. */
  void write(State.Snapshot snapshot) {
    Path next = path.resolveSibling(path.getFileName() + ".new");
    try {
      Files.createDirectories(path.getParent());
      Files.deleteIfExists(next);
      Files.createFile(
          next, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      MAPPER.writeValue(next.toFile(), snapshot);
      Files.move(next, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
