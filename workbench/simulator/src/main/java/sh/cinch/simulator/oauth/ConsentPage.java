package sh.cinch.simulator.oauth;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import sh.cinch.simulator.html.Html;
import sh.cinch.simulator.world.Account;

/** What a person reads before they let the client in. */
final class ConsentPage {
  private static final Map<String, String> MEANINGS =
      Map.of(
          "account", "Read your account information",
          "email", "Read your email addresses",
          "repository", "Read your repositories",
          "repository:write", "Read and modify your repositories",
          "repository:admin", "Administer your repositories",
          "pullrequest", "Read your repositories and their pull requests",
          "pullrequest:write", "Read and modify your repositories and their pull requests",
          "webhook", "Read and modify your repositories' webhooks");

  private static final String PAGE =
      """
      <h1>Confirm access to your account</h1>
      <p><strong>{}</strong> asks for permission to:</p>
      <ul class="scopes">
      {}
      </ul>
      <form method="post" action="/site/oauth2/authorize">
      <input type="hidden" name="client_id" value="{}">
      <input type="hidden" name="response_type" value="code">
      {}
      <fieldset>
      <legend>Signed in as</legend>
      {}
      </fieldset>
      <p class="actions">
      <button name="decision" value="grant" class="primary">Grant access</button>
      <button name="decision" value="deny">Cancel</button>
      </p>
      </form>
      <p class="note">You will be sent back to {}.</p>
      """;

  private ConsentPage() {}

  static Html of(OAuthClient client, AuthorizeRequest.Valid request, List<Account> people) {
    return Html.of(
        PAGE,
        client.id(),
        Html.join(client.scopes().stream().map(ConsentPage::scope)),
        client.id(),
        Html.join(
            Stream.concat(
                hidden("state", request.state().stream()),
                hidden("redirect_uri", request.redirectUri().stream()))),
        Html.join(people.stream().map(person -> choice(person, person.equals(people.getFirst())))),
        client.callback().getAuthority());
  }

  static Html misconfigured(String why) {
    return Html.of(
        """
        <h1>{}</h1>
        <p>This integration is misconfigured. Contact the vendor for assistance.</p>
        """,
        why);
  }

  static Html unknownUser() {
    return Html.of("<h1>Unknown user</h1><p>Go back and choose one that is listed.</p>");
  }

  private static Html scope(String scope) {
    return Html.of(
        "<li>{} <code>{}</code></li>", MEANINGS.getOrDefault(scope, "Use the scope"), scope);
  }

  private static Stream<Html> hidden(String name, Stream<String> values) {
    return values.map(
        value -> Html.of("<input type=\"hidden\" name=\"{}\" value=\"{}\">", name, value));
  }

  private static Html choice(Account person, boolean first) {
    return Html.of(
        "<label><input type=\"radio\" name=\"user\" value=\"{}\"{}> {} <span>{}</span></label>",
        person.nickname(),
        first ? Html.of(" checked") : Html.NONE,
        person.displayName(),
        person.nickname());
  }
}
