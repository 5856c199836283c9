package sh.cinch.bitbucket.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;

class HookUuidTest {
  private static final String CANONICAL = "{15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b}";

  @ParameterizedTest
  @ValueSource(
      strings = {
        CANONICAL,
        "15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b",
        "15D9E66F-D7BB-8FB9-CD4F-A7E522162B6B",
        "{15D9e66f-d7bb-8fb9-cd4f-a7e522162b6b}"
      })
  void allSpellingsAreOneHook(String spelling) {
    assertThat(HookUuid.parse(spelling)).map(HookUuid::value).contains(CANONICAL);
  }

  @ParameterizedTest
  @NullAndEmptySource
  @ValueSource(
      strings = {
        "{}",
        "{15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b",
        "{{15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b}}",
        "15d9e66fd7bb8fb9cd4fa7e522162b6b",
        "15d9e66f-d7bb-8fb9-cd4f-a7e522162b6b ",
        "15d9e66f-d7bb-8fb9-cd4f-a7e522162b6g",
        "15d9e66/-d7bb-8fb9-cd4f-a7e522162b6b",
        "15d9e66-fd7bb-8fb9-cd4f-a7e522162b6b"
      })
  void anythingElseIsNone(@Nullable String text) {
    assertThat(HookUuid.parse(text)).isEmpty();
  }

  @Test
  void theConstructorTakesNothingElse() {
    assertThatThrownBy(() -> new HookUuid("nope")).isInstanceOf(IllegalArgumentException.class);
  }
}
