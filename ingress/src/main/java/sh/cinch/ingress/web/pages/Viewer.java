package sh.cinch.ingress.web.pages;

import sh.cinch.ingress.connecting.session.Session;

/**
 * A person who looks at a page.
 *
 * @param formToken for the forms on it
 */
public record Viewer(String name, String formToken) {

  static Viewer of(Session session) {
    return new Viewer(Brief.text(session.account().name()), session.formToken().reveal());
  }

  @Override
  public String toString() {
    return "Viewer";
  }
}
