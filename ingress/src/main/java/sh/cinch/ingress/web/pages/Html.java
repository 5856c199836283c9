package sh.cinch.ingress.web.pages;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.vertx.core.http.HttpServerResponse;

/** Renders a page and sends it; what it shows is of this moment and of this viewer. */
final class Html {

  /** Where the build puts what it makes of {@code src/main/jte}. */
  private static final String PACKAGE = "sh.cinch.ingress.templates";

  private final TemplateEngine templates =
      TemplateEngine.createPrecompiled(
          null, ContentType.Html, Html.class.getClassLoader(), PACKAGE);

  void send(HttpServerResponse response, String template, Object page) {
    StringOutput text = new StringOutput();
    templates.render(template, page, text);
    response
        .putHeader("content-type", "text/html; charset=utf-8")
        .putHeader("cache-control", "no-store")
        .end(text.toString());
  }

  /** After a form, so that loading the page again does not send it again. */
  static void redirect(HttpServerResponse response, String location) {
    response
        .setStatusCode(303)
        .putHeader("location", location)
        .putHeader("cache-control", "no-store")
        .end();
  }
}
