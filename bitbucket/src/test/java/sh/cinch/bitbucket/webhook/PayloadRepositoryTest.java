package sh.cinch.bitbucket.webhook;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.webhook.PayloadRepository.About;
import sh.cinch.bitbucket.webhook.PayloadRepository.NotJson;
import sh.cinch.bitbucket.webhook.PayloadRepository.Unnamed;

class PayloadRepositoryTest {
  @Test
  void anyEventsRepositoryIsFound() {
    String body =
        """
        {"pullrequest":{"source":{"repository":{"uuid":"{fork}"}}},
         "repository":{"full_name":"acme/app","uuid":"{target}"}}
        """;

    assertThat(parse(body)).isEqualTo(new About(new RepositoryId("{target}", "acme/app")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{}", "[]", "{\"repository\":null}", "{\"repository\":{\"full_name\":\"a/b\"}}"})
  void aBodyMayBeAboutNone(String body) {
    assertThat(parse(body)).isEqualTo(new Unnamed());
  }

  @Test
  void bytesThatAreNoUtf8AreMended() {
    String body =
        "{\"title\":\"caf\u00e9\",\"repository\":{\"uuid\":\"{u}\",\"full_name\":\"a/\u00e9\"}}";

    assertThat(PayloadRepository.parse(body.getBytes(ISO_8859_1)))
        .isEqualTo(new About(new RepositoryId("{u}", "a/\ufffd")));
    assertThat(parse("\ufeff" + body)).isEqualTo(new About(new RepositoryId("{u}", "a/\u00e9")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "{\"repository\":{\"uuid\":\"{u}\"}}}"})
  void whatIsNotJsonIsAboutNothing(String body) {
    assertThat(parse(body)).isInstanceOf(NotJson.class);
  }

  private static PayloadRepository parse(String body) {
    return PayloadRepository.parse(body.getBytes(UTF_8));
  }
}
