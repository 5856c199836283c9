package sh.cinch.simulator.html;

import java.util.Map;
import sh.cinch.simulator.http.Reply;

/** The frame around every page. */
public final class Layout {
  public static final String STYLE = "/_assets/style.css";
  public static final String SCRIPT = "/_assets/live.js";

  private static final Map<String, String> HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self';"
              + " img-src data:; base-uri 'none'; frame-ancestors 'none'",
          "Cache-Control",
          "no-store",
          "Referrer-Policy",
          "no-referrer");

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>{} · Simulated Bitbucket</title>
      <link rel="icon" href="data:,">
      <link rel="stylesheet" href="{}">
      {}
      </head>
      <body>
      <header><a href="/">Simulated Bitbucket</a> <span>nothing here is real</span></header>
      <main>
      {}
      </main>
      </body>
      </html>
      """;

  private Layout() {}

  public static Reply page(int status, String title, Html main) {
    return reply(status, title, Html.NONE, main);
  }

  /** A page that keeps itself up to date where scripts run. */
  public static Reply livePage(String title, Html main) {
    return reply(200, title, Html.of("<script src=\"{}\" defer></script>", SCRIPT), main);
  }

  private static Reply reply(int status, String title, Html script, Html main) {
    return Reply.html(status, Html.of(PAGE, title, STYLE, script, main).markup()).with(HEADERS);
  }
}
