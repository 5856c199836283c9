package sh.cinch.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DatabaseTest {

  @Test
  void printsWithoutItsPassword() {
    assertThat(new Database("jdbc:postgresql://localhost:5432/postgres", "jo", "hunter2"))
        .asString()
        .isEqualTo("jdbc:postgresql://localhost:5432/postgres as jo");
  }
}
