package sh.cinch.cli.repo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import sh.cinch.schema.text.Visible;

/**
 * What a person enters on Bitbucket's page where the token may not make the hook. The secret is
 * shown this once: Cinch does not show it again, and Bitbucket never does.
 */
record ManualWebhook(String id, String fullName, String url, String secret) {

  static ManualWebhook of(JsonNode connected) {
    JsonNode manual = connected.path("manualWebhook");
    return new ManualWebhook(
        connected.path("id").asText(),
        connected.path("fullName").asText(),
        manual.path("url").asText(),
        manual.path("secret").asText());
  }

  void print(PrintWriter out) {
    out.printf(
        """
        This token may not make webhooks, so one step is left for you:

          1. Open https://bitbucket.org/%s/admin/webhooks
             (Repository settings > Webhooks) and choose Add webhook.
          2. Title      Cinch
             URL        %s
             Secret     %s
             Triggers   Repository > Push
          3. Save, then push: the first signed delivery completes the connection.

        The secret is shown this once. For a new one: cinch repo secret %s
        """,
        Visible.oneLine(fullName),
        Visible.oneLine(url),
        Visible.oneLine(secret),
        Visible.oneLine(id));
  }

  @Override
  public String toString() {
    return "webhook of " + fullName;
  }
}
