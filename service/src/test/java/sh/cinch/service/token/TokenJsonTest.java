package sh.cinch.service.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.buffer.Buffer;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sh.cinch.schema.event.CredentialEvent.State;
import sh.cinch.service.secret.Secret;

class TokenJsonTest {

  private static final UUID ID = UUID.fromString("b2f7c6de-0d3e-4f6b-9a54-3f6f6f3a1c11");
  private static final Instant TIME = Instant.parse("2027-01-31T00:00:00Z");

  @Test
  void aCodeAndAPastedTokenAreToldApartByTheirKind() {
    assertThat(
            TokenJson.write(
                    new NewCredential.Code(
                        Secret.of("c"), URI.create("https://cinch.example/back")))
                .toString())
        .isEqualTo(
            "{\"kind\":\"oauth\",\"code\":\"c\",\"redirectUri\":\"https://cinch.example/back\"}");
    NewCredential.Token token =
        new NewCredential.Token(
            "bitbucket-cloud", "acme/app", Secret.of("t"), Optional.empty(), Optional.of(TIME));
    assertThat(TokenJson.write(token).toString())
        .isEqualTo(
            "{\"kind\":\"token\",\"forge\":\"bitbucket-cloud\",\"fullName\":\"acme/app\",\"token\":\"t\",\"expiresAt\":\"2027-01-31T00:00:00Z\"}");
    assertThat(TokenJson.read(TokenJson.write(token), NewCredential.class)).isEqualTo(token);
  }

  @Test
  void aCredentialWithoutAccountAndEndSaysSo() {
    StoredCredential credential =
        new StoredCredential(
            ID,
            "access-token",
            List.of("repository"),
            State.NEEDS_AUTHORIZATION,
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
    assertThat(TokenJson.write(credential).toString())
        .isEqualTo(
            "{\"id\":\"%s\",\"kind\":\"access-token\",\"scopes\":[\"repository\"],\"state\":\"needs-authorization\",\"account\":null,\"expiresAt\":null}"
                .formatted(ID));
    assertThat(TokenJson.read(TokenJson.write(credential), StoredCredential.class))
        .isEqualTo(credential);
  }

  @Test
  void aLeaseWithoutAnEndSaysSo() {
    assertThat(
            TokenJson.write(
                    new LeaseGiven(
                        ID,
                        Secret.of("Bearer x"),
                        Optional.empty(),
                        Optional.of("client c1"),
                        Optional.of("{6b47}")))
                .toString())
        .isEqualTo(
            "{\"leaseId\":\"%s\",\"authorization\":\"Bearer x\",\"expiresAt\":null,\"identity\":\"client c1\",\"account\":\"{6b47}\"}"
                .formatted(ID));
  }

  @Test
  void anAbsentBodyAsksForALeaseOfTheUsualLength() {
    assertThat(TokenJson.read(null, LeaseRequest.class).minimum()).hasSeconds(60);
    assertThat(TokenJson.write(LeaseRequest.of(LeaseUse.API)).toString()).isEqualTo("{}");
    assertThat(TokenJson.read(null, LeaseRequest.class).shownTo()).isEqualTo(LeaseUse.API);
  }

  @Test
  void aLeaseForGitIsAskedForByTheWord() {
    String json = TokenJson.write(LeaseRequest.of(LeaseUse.GIT)).toString();
    assertThat(json).isEqualTo("{\"use\":\"git\"}");
    assertThat(TokenJson.read(Buffer.buffer(json), LeaseRequest.class).shownTo())
        .isEqualTo(LeaseUse.GIT);
    assertThatThrownBy(() -> TokenJson.read(Buffer.buffer("{\"use\":\"Git\"}"), LeaseRequest.class))
        .hasMessage("field 'use' is neither 'api' nor 'git'");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          {"kind":"token","forge":7}                                     | field 'forge' is not a text
          {"kind":"token","forge":"f","fullName":"a/b","token":" "}      | field 'token' is missing
          {"kind":"oauth","code":{"a":"hush"},"redirectUri":"https://x"} | field 'code' is not a text
          {"kind":"oauth","code":"hush","redirectUri":"\\\\hush"}          | field 'redirectUri' is not an absolute address
          {"kind":"token","forge":"f","fullName":"a/b","token":"hush","expiresAt":"hush"} | field 'expiresAt' is not a time like 2027-01-31T00:00:00Z
          {"kind":"hush"}                                                | field 'kind' is neither oauth nor token
          {"kind":"oauth","code":"hush","redirectUri":"https://x"} hush   | the body is not a JSON object
          null                                                           | the body is not a JSON object
          """)
  void whatIsWrongIsSaidByFieldAndNeverByValue(String body, String said) {
    assertThatThrownBy(() -> TokenJson.read(Buffer.buffer(body), NewCredential.class))
        .hasMessage(said)
        .hasNoCause();
  }
}
