package sh.cinch.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bill of materials is of what is run. */
class DependenciesTest {

  private static final Path BUILT = Path.of("../local/target");

  @Test
  void everyJarThatIsRunIsInTheBillOfMaterials() throws IOException {
    JsonNode bill = new ObjectMapper().readTree(BUILT.resolve("bom.json").toFile());
    Set<String> listed = new TreeSet<>(List.of(jar(bill.path("metadata").path("component"))));
    bill.path("components").forEach(component -> listed.add(jar(component)));

    assertThat(jars()).isNotEmpty().isSubsetOf(listed);
  }

  private static Set<String> jars() throws IOException {
    try (Stream<Path> files = Files.list(BUILT.resolve("lib"))) {
      return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    }
  }

  private static String jar(JsonNode component) {
    String purl = component.path("purl").asText();
    String classifier =
        purl.contains("classifier=") ? "-" + purl.replaceAll(".*classifier=([^&]+).*", "$1") : "";
    return "%s-%s%s.jar"
        .formatted(component.path("name").asText(), component.path("version").asText(), classifier);
  }
}
