package sh.cinch.forge.cloud;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.forge.Ability;

class CloudScopesTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "none",
      value = {
        "repository, REPORT",
        "repository:write, REPORT UPLOAD",
        "repository:admin, none",
        "pullrequest:write, REPORT UPLOAD",
        "webhook, MANAGE_HOOKS",
        "repository webhook, REPORT MANAGE_HOOKS",
        "read:repository:bitbucket read:webhook:bitbucket, REPORT",
        "write:repository:bitbucket write:webhook:bitbucket, UPLOAD MANAGE_HOOKS",
        "account email runner:write, none"
      })
  void scopesLetACredentialDoWhatBitbucketSays(String scopes, @Nullable String abilities) {
    assertThat(CloudScopes.abilities(List.of(scopes.split(" ", -1))))
        .containsExactlyInAnyOrderElementsOf(
            abilities == null
                ? List.of()
                : Arrays.stream(abilities.split(" ", -1)).map(Ability::valueOf).toList());
  }
}
