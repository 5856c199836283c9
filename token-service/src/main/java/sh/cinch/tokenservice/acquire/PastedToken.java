package sh.cinch.tokenservice.acquire;

import java.time.Instant;
import java.util.Optional;
import java.util.regex.Pattern;
import sh.cinch.forge.ForgeRepository;
import sh.cinch.service.secret.Secret;
import sh.cinch.tokenservice.credential.Kind;
import sh.cinch.tokenservice.forge.BitbucketCloud;

/**
 * A token as somebody pasted it.
 *
 * @param email of the Atlassian account that an API token belongs to; access tokens have none, also
 *     those that a person got by OAuth
 * @param expiresAt as the person read it on Bitbucket, where they told it
 */
public record PastedToken(
    ForgeRepository repository, Secret token, Optional<String> email, Optional<Instant> expiresAt) {

  private static final String APP_PASSWORD = "ATBB";
  private static final Pattern FIT_FOR_A_HEADER = Pattern.compile("[\\x21-\\x7e]+");

  boolean isAppPassword() {
    return token.reveal().startsWith(APP_PASSWORD);
  }

  boolean isWhole() {
    return FIT_FOR_A_HEADER.matcher(token.reveal()).matches();
  }

  Kind kind() {
    return email.isPresent() ? Kind.API_TOKEN : Kind.ACCESS_TOKEN;
  }

  Secret authorization() {
    return Secret.of(
        email
            .map(address -> BitbucketCloud.basic(address, token))
            .orElseGet(() -> "Bearer " + token.reveal()));
  }
}
