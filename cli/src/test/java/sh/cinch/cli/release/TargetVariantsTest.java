package sh.cinch.cli.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sh.cinch.testkit.ContractVariants;
import sh.cinch.testkit.ContractVariants.Reading;
import sh.cinch.testkit.ContractVariants.Variant;

/** The command reads what it is told as the contract reads the fields that come of it. */
class TargetVariantsTest {

  private static final ContractVariants VARIANTS =
      new ContractVariants(
          "7a1f0c52-9d5e-4c53-8f0e-3c1df0a2a001", "acme/app", "v1.4.0", "a1".repeat(20));

  static Stream<Variant> tags() {
    return texts("/tag");
  }

  @ParameterizedTest
  @MethodSource("tags")
  void tagsAreReadSo(Variant tag) {
    assertReadSo(
        tag, text -> Target.of("acme/app", text, VARIANTS.commit(), Map.of()), Target::tag);
  }

  /** An empty variable of the environment is none: that one alone is not as in JSON. */
  static Stream<Variant> commits() {
    return texts("/commit").filter(commit -> !commit.value().orElseThrow().asText().isEmpty());
  }

  @ParameterizedTest
  @MethodSource("commits")
  void commitsAreReadSo(Variant commit) {
    assertReadSo(
        commit,
        text -> Target.of("acme/app", VARIANTS.tag(), text, Map.of()),
        target -> target.commit().orElseThrow());
  }

  static Stream<Variant> forges() {
    return VARIANTS.releaseRequests().stream()
        .filter(variant -> variant.value().filter(value -> value.has("fullName")).isPresent());
  }

  @ParameterizedTest
  @MethodSource("forges")
  void forgesAreReadSo(Variant repository) {
    JsonNode named = repository.value().orElseThrow();
    Target target =
        Target.of(
            named.path("fullName").asText(),
            VARIANTS.tag(),
            VARIANTS.commit(),
            Map.of("CINCH_FORGE", named.path("forge").asText()));

    if (!(repository.reading() instanceof Reading.Taken(Optional<JsonNode> as))) {
      throw new AssertionError(repository);
    }
    assertThat(target.forge()).isEqualTo(as.orElseThrow().path("forge").asText());
    assertThat(target.fullName()).isEqualTo(as.orElseThrow().path("fullName").asText());
  }

  private static Stream<Variant> texts(String field) {
    return VARIANTS.releaseRequests().stream()
        .filter(variant -> variant.field().equals(field))
        .filter(variant -> variant.value().filter(JsonNode::isTextual).isPresent());
  }

  private static void assertReadSo(
      Variant variant, Function<String, Target> reads, Function<Target, String> part) {
    String text = variant.value().orElseThrow().asText();
    if (variant.reading() instanceof Reading.Taken(Optional<JsonNode> as)) {
      assertThat(part.apply(reads.apply(text))).isEqualTo(as.orElseThrow().asText());
    } else {
      assertThatThrownBy(() -> reads.apply(text)).isInstanceOf(IllegalArgumentException.class);
    }
  }
}
