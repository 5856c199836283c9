package sh.cinch.bitbucket.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.client.StatusUrl.Check.Accepted;
import sh.cinch.bitbucket.client.StatusUrl.Check.Refused;

class StatusUrlTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://ci.example.com",
        "http://ci.example.com:8080/jobs/412?tab=log#L7",
        "HTTPS://CI.EXAMPLE.COM/",
        "https://127.0.0.1:8080/jobs/1",
        "http://[2001:db8::1]:8080/",
        "https://ci.xn--exmple-cua.com/",
        "https://ci.example.com/a%20b/c%C3%BC?d=e+f&g=(h)#i",
        "https://ci.example.com/größe/🗼"
      })
  void isAccepted(String url) {
    assertThat(StatusUrl.check(url)).isEqualTo(new Accepted(new StatusUrl(url)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          ``                               | is empty
          /jobs/412                        | is not absolute
          ci.example.com/jobs/412          | is not absolute
          ftp://ci.example.com/            | is not absolute
          javascript:alert(1)              | is not absolute
          http://jenkins1:8080/job/x       | has a host without a dot
          http://localhost:8080/           | has a host without a dot
          https:///jobs                    | has a host without a dot
          https://ci.example.com:port/     | has no valid host and port
          https://ci_1.example.com/        | has a host that is no valid domain name
          https://-ci.example.com/         | has a host that is no valid domain name
          https://1.2.3.456/               | has a host that is no valid domain name
          https://ci..example.com/         | has a host that is no valid domain name
          https://ci.example.com./         | has a host that is no valid domain name
          https://[::::]/                  | has no valid host and port
          https://[::1/                    | has no valid host and port
          https://ci.example.com\\@x.org/  | contains a user name or password
          https://vera:pw@ci.example.com/  | contains a user name or password
          https://ci.example.com/a b       | contains blanks or control characters
          """)
  void isRefusedWithAReason(String url, String why) {
    assertThat(StatusUrl.check(url))
        .isInstanceOfSatisfying(
            Refused.class, refused -> assertThat(refused.why()).startsWith(why));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a b", "a\nX: y", "a\u00a0b", "a\u2028b", "a\u0085b"})
  void blanksOfAnyKindAreRefused(String path) {
    assertThat(StatusUrl.check("https://ci.example.com/" + path))
        .isEqualTo(
            new Refused("contains blanks or control characters; write them percent-encoded"));
  }

  /** What Bitbucket refuses, or might, would cost the whole status. */
  @ParameterizedTest
  @CsvSource({
    "/job/matrix[linux]/1, /job/matrix%5Blinux%5D/1",
    "/100%done, /100%25done",
    "/a%2, /a%252",
    "/a|b^c`d\\e, /a%7Cb%5Ec%60d%5Ce",
    "/<b>\"x\", /%3Cb%3E%22x%22",
    "/#a#b, /#a%23b",
    "?a[]={b}, ?a%5B%5D=%7Bb%7D",
    "/\u202egpj.exe, /%E2%80%AEgpj.exe",
    "/\u200b, /%E2%80%8B",
  })
  void whatHasNoPlaceInAnAddressIsEncoded(String rest, String encoded) {
    String value = new StatusUrl("https://ci.example.com" + rest).value();

    assertThat(value).isEqualTo("https://ci.example.com" + encoded);
    assertThat(URI.create(value)).hasHost("ci.example.com");
    assertThat(new StatusUrl(value).value()).as("once").isEqualTo(value);
  }

  @Test
  void fourHundredAndFiftyCharactersAreTheMost() {
    String start = "https://ci.example.com/";
    String longest = start + "x".repeat(450 - start.length());

    assertThat(StatusUrl.check(longest)).isInstanceOf(Accepted.class);
    assertThat(StatusUrl.check(longest + "x"))
        .isEqualTo(new Refused("is longer than 450 characters"));
  }

  @Test
  void bracesCountAsWhatTheyAreSentAs() {
    String start = "https://ci.example.com/{}";

    assertThat(new StatusUrl(start).value()).isEqualTo("https://ci.example.com/%7B%7D");
    assertThat(StatusUrl.check(start + "x".repeat(450 - start.length())))
        .isInstanceOf(Refused.class);
  }

  @Test
  void theConstructorTakesNothingElse() {
    assertThatThrownBy(() -> new StatusUrl("/x"))
        .hasMessageStartingWith("the link is not absolute");
  }
}
