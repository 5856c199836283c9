package sh.cinch.bitbucket.webhook;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullAndEmptySource;
import org.junit.jupiter.params.provider.ValueSource;
import sh.cinch.bitbucket.webhook.WebhookSignature.Check;
import sh.cinch.bitbucket.webhook.WebhookSignature.Check.Refused;
import sh.cinch.bitbucket.webhook.WebhookSignature.Check.Valid;
import sh.cinch.bitbucket.webhook.WebhookSignature.Reason;

class WebhookSignatureTest {
  /** Atlassian's own test vector. */
  private static final String DIGEST =
      "a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9";

  private static final SecretKey KEY = key("It's a Secret to Everybody");
  private static final SecretKey OTHER = key("another");
  private static final byte[] BODY = "Hello World!".getBytes(UTF_8);

  @Test
  void atlassiansVectorIsValid() {
    assertThat(verify("sha256=" + DIGEST, KEY)).isEqualTo(new Valid(0));
  }

  @Test
  void upperCaseHexIsValid() {
    assertThat(verify("sha256=" + DIGEST.toUpperCase(Locale.ROOT), KEY)).isEqualTo(new Valid(0));
  }

  @Test
  void whileSecretsOverlapTheFittingOneIsNamed() {
    assertThat(verify("sha256=" + DIGEST, OTHER, KEY)).isEqualTo(new Valid(1));
    assertThat(verify("sha256=" + DIGEST, KEY, OTHER, KEY)).isEqualTo(new Valid(0));
  }

  @Test
  void anyOtherKeyMismatches() {
    assertThat(verify("sha256=" + DIGEST, OTHER)).isEqualTo(new Refused(Reason.MISMATCH));
    assertThat(verify("sha256=" + DIGEST)).isEqualTo(new Refused(Reason.MISMATCH));
  }

  @Test
  void oneChangedByteMismatches() {
    byte[] changed = BODY.clone();
    changed[changed.length - 1]++;

    Check check = WebhookSignature.verify("sha256=" + DIGEST, changed, List.of(KEY));

    assertThat(check).isEqualTo(new Refused(Reason.MISMATCH));
  }

  @ParameterizedTest
  @NullAndEmptySource
  void noHeaderIsMissing(@Nullable String header) {
    assertThat(verify(header, KEY)).isEqualTo(new Refused(Reason.MISSING));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        DIGEST,
        "sha256=",
        "sha1=" + DIGEST,
        "SHA256=" + DIGEST,
        "sha256=" + DIGEST + "0",
        " sha256=" + DIGEST,
        "sha256=z4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9",
        "sha256=٤4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9"
      })
  void anythingElseIsMalformed(String header) {
    assertThat(verify(header, KEY)).isEqualTo(new Refused(Reason.MALFORMED));
  }

  private static Check verify(@Nullable String header, SecretKey... keys) {
    return WebhookSignature.verify(header, BODY, List.of(keys));
  }

  private static SecretKey key(String secret) {
    return new SecretKeySpec(secret.getBytes(UTF_8), "HmacSHA256");
  }
}
