package sh.cinch.releaseworker.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.releaseworker.source.SourceRules.Admission;
import sh.cinch.service.config.ConfigurationException;
import sh.cinch.service.config.Environment;

class SourceRulesTest {

  private static SourceRules rules(Map<String, String> variables) {
    return Environment.read(variables, SourceRules::from);
  }

  private static WebAddress address(String source) {
    return ((Source.Web) Source.read(source)).address();
  }

  @Test
  void nothingIsAllowedUnlessNamed() {
    SourceRules rules = rules(Map.of());

    assertThat(rules).isEqualTo(new SourceRules(List.of(), List.of()));
    assertThat(rules.admission(address("https://files.example.com/a"))).isEqualTo(Admission.NONE);
  }

  @Test
  void entriesAreReadWithTheirPorts() {
    SourceRules rules =
        rules(
            Map.of(
                "CINCH_SOURCE_HOSTS",
                "Files.Example.com, *.cdn.example.com:8443,bücher.example",
                "CINCH_SOURCE_PRIVATE_HOSTS",
                "[FD00:0::1]:8080"));

    assertThat(rules.hosts())
        .containsExactly(
            new AllowedHost("files.example.com", false, OptionalInt.empty()),
            new AllowedHost("cdn.example.com", true, OptionalInt.of(8443)),
            new AllowedHost("xn--bcher-kva.example", false, OptionalInt.empty()));
    assertThat(rules.privateHosts())
        .containsExactly(new AllowedHost("fd00::1", false, OptionalInt.of(8080)));
  }

  @ParameterizedTest
  @CsvSource(
      textBlock =
          """
          files.example.com,      https://files.example.com/a,       true
          files.example.com,      http://files.example.com/a,        true
          files.example.com,      https://FILES.example.COM/a,       true
          files.example.com,      https://files.example.com:443/a,   true
          files.example.com,      https://files.example.com:8443/a,  false
          files.example.com,      http://files.example.com:443/a,    false
          files.example.com:8443, https://files.example.com:8443/a,  true
          files.example.com:8443, https://files.example.com/a,       false
          files.example.com:443,  https://files.example.com/a,       true
          files.example.com:443,  http://files.example.com/a,        false
          files.example.com,      https://a.files.example.com/a,     false
          files.example.com,      https://files.example.com.evil/a,  false
          files.example.com,      https://notfiles.example.com/a,    false
          *.example.com,          https://files.example.com/a,       true
          *.example.com,          https://a.files.example.com/a,     true
          *.example.com,          https://example.com/a,             false
          *.example.com,          https://badexample.com/a,          false
          *.example.com,          https://files.example.com:8443/a,  false
          *.example.com:8443,     https://files.example.com:8443/a,  true
          bücher.example,         https://xn--bcher-kva.example/a,   true
          bücher.example,         https://BÜCHER.example/a,          true
          example.com,            https://ехаmple.com/a,             false
          8.8.8.8,                https://8.8.8.8/a,                 true
          [2a00::0:1],            https://[2A00:0:0::1]/a,           true
          """)
  void hostIsAllowedByNameAndPort(String entry, String source, boolean isAllowed) {
    assertThat(rules(Map.of("CINCH_SOURCE_HOSTS", entry)).admission(address(source)))
        .isEqualTo(isAllowed ? Admission.PUBLIC : Admission.NONE);
  }

  @Test
  void privateHostIsAllowedAsWell() {
    SourceRules rules = rules(Map.of("CINCH_SOURCE_PRIVATE_HOSTS", "nas.internal:8080"));

    assertThat(rules.admission(address("http://nas.internal:8080/a"))).isEqualTo(Admission.PRIVATE);
    assertThat(rules.admission(address("http://nas.internal/a"))).isEqualTo(Admission.NONE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://files.example.com",
        "files.example.com/a",
        "user:passw0rd@files.example.com",
        "files.example.com:0",
        "files.example.com:65536",
        "files.example.com:x",
        "files.example.com:",
        "files.example.com.",
        "files..example.com",
        "files_a.example.com",
        "files example.com",
        "*",
        "*.",
        "*.*.example.com",
        "files.*.example.com",
        "*example.com",
        "*.8.8.8.8",
        "127.1",
        "0x7f000001",
        "2130706433",
        "010.0.0.1",
        "::1",
        "[::1",
        "[fe80::1%eth0]",
        "[::ffff:127.0.0.1]",
        ",b.example"
      })
  void malformedEntryIsNamedByItsPlace(String entry) {
    Map<String, String> variables = Map.of("CINCH_SOURCE_HOSTS", "good.example," + entry);

    assertThatThrownBy(() -> rules(variables))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("CINCH_SOURCE_HOSTS: entry 2 is not a host")
        .hasMessageNotContaining("passw0rd");
  }

  @Test
  void privateHostsHaveNoWildcard() {
    Map<String, String> variables = Map.of("CINCH_SOURCE_PRIVATE_HOSTS", "*.internal");

    assertThatThrownBy(() -> rules(variables))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("CINCH_SOURCE_PRIVATE_HOSTS: entry 1")
        .hasMessageContaining("by its whole name");
  }

  @Test
  void everyProblemIsReported() {
    Map<String, String> variables =
        Map.of("CINCH_SOURCE_HOSTS", "a b,c d", "CINCH_SOURCE_PRIVATE_HOSTS", "e f");

    assertThatThrownBy(() -> rules(variables)).hasMessageStartingWith("3 things are wrong");
  }
}
