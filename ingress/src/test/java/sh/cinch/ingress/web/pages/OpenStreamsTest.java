package sh.cinch.ingress.web.pages;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import sh.cinch.service.http.Problem;

class OpenStreamsTest {

  private final OpenStreams streams = new OpenStreams(OpenStreams.MOST_OF_AN_ACCOUNT + 2);

  @Test
  void oneSessionHasSomeAndOthersHaveTheirs() {
    for (int i = 0; i < OpenStreams.MOST_OF_AN_ACCOUNT; i++) {
      streams.open("one");
    }

    assertThatThrownBy(() -> streams.open("one")).isInstanceOf(Problem.class);
    assertThatCode(() -> streams.open("other")).doesNotThrowAnyException();
  }

  @Test
  void allTogetherHaveWhatThereIs() {
    for (int i = 0; i < OpenStreams.MOST_OF_AN_ACCOUNT + 2; i++) {
      streams.open("account " + i);
    }

    assertThatThrownBy(() -> streams.open("more")).isInstanceOf(Problem.class);
    streams.close("account 0");
    assertThatCode(() -> streams.open("more")).doesNotThrowAnyException();
  }
}
