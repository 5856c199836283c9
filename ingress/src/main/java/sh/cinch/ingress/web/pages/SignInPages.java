package sh.cinch.ingress.web.pages;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import java.util.Optional;
import sh.cinch.ingress.connecting.Credentials;
import sh.cinch.ingress.connecting.session.BrowserCookie;
import sh.cinch.ingress.connecting.session.Session;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.connecting.session.SignIns;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.service.http.Problem;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;
import sh.cinch.service.token.StoredCredential;

/** The way through Bitbucket's consent page and back: signing in and authorizing are one. */
final class SignInPages {

  static final String START = "/auth/bitbucket";
  static final String CALLBACK = START + "/callback";
  static final String ACCOUNT = START + "/account";

  private final Html html;
  private final ConsentUrl consent;
  private final SignIns signIns;
  private final Sessions sessions;
  private final SignedIn signedIn;
  private final Credentials credentials;
  private final BrowserCookie browser;
  private final BrowserCookie other;

  SignInPages(
      Html html,
      ConsentUrl consent,
      SignIns signIns,
      Sessions sessions,
      SignedIn signedIn,
      Credentials credentials,
      URI baseUrl) {
    this.html = html;
    this.consent = consent;
    this.signIns = signIns;
    this.sessions = sessions;
    this.signedIn = signedIn;
    this.credentials = credentials;
    boolean secure = SignedIn.isSecure(baseUrl);
    this.browser = new BrowserCookie("cinch_browser", START, SignIns.LIFETIME, secure);
    this.other = new BrowserCookie("cinch_other_account", START, SignIns.LIFETIME, secure);
  }

  void start(RoutingContext context) {
    // The same for all tabs: a second one must not undo the first.
    RandomToken kept = browser.read(context.request()).orElseGet(RandomToken::fresh);
    RandomToken state = signIns.begin(kept);
    browser.set(context.response(), kept);
    Html.redirect(context.response(), consent.with(state));
  }

  void callback(RoutingContext context) {
    HttpServerRequest request = context.request();
    checkState(request);
    String error = request.getParam("error");
    if (error != null) {
      throw new Problem(
          403,
          "Bitbucket was not added",
          "access_denied".equals(error)
              ? "You did not grant access on Bitbucket's page. Nothing was connected."
              : "Bitbucket did not grant access. Nothing was connected.");
    }
    String code = request.getParam("code");
    if (code == null || code.isBlank()) {
      throw new Problem(400, "No code", "Bitbucket sent you back without a code. Start again.");
    }
    StoredCredential credential = credentials.exchange(Secret.of(code), consent.callback());
    Account account =
        credential
            .account()
            .orElseThrow(
                () ->
                    new Problem(
                        422,
                        "No account",
                        "Bitbucket did not say whose authorization this is: the OAuth client needs"
                            + " the scope account."));
    Optional<Session> before = signedIn.find(request);
    if (before.map(Session::account).filter(is -> !is.uuid().equals(account.uuid())).isPresent()) {
      other.set(context.response(), sessions.open(account, credential.id()));
      Html.redirect(context.response(), ACCOUNT);
      return;
    }
    replace(request, context.response(), sessions.open(account, credential.id()));
    // Who was signed in came to repair what they have, and not for more.
    Html.redirect(context.response(), before.isPresent() ? "/" : ConnectPages.PATH);
  }

  /** Two accounts are never merged silently. */
  void question(RoutingContext context) {
    Optional<Session> current = signedIn.find(context.request());
    Optional<Session> consented = other.read(context.request()).flatMap(sessions::find);
    if (current.isEmpty() || consented.isEmpty()) {
      Html.redirect(context.response(), "/");
      return;
    }
    html.send(
        context.response(),
        "account.jte",
        new AccountPage(Viewer.of(current.get()), Viewer.of(consented.get())));
  }

  void decide(RoutingContext context) {
    HttpServerRequest request = context.request();
    RandomToken pending = other.read(request).orElseThrow(SignInPages::tooLate);
    Session consented = sessions.find(pending).orElseThrow(SignInPages::tooLate);
    SignedIn.checkForm(
        consented, Optional.ofNullable(request.getFormAttribute(SignedIn.FORM_FIELD)));
    other.clear(context.response());
    if ("switch".equals(request.getFormAttribute("answer"))) {
      replace(request, context.response(), pending);
      Html.redirect(context.response(), ConnectPages.PATH);
    } else {
      close(pending, consented);
      Html.redirect(context.response(), "/");
    }
  }

  void signOut(RoutingContext context) {
    HttpServerRequest request = context.request();
    Optional<RandomToken> ticket = signedIn.ticket(request);
    Optional<Session> session = ticket.flatMap(sessions::find);
    if (session.isPresent()) {
      SignedIn.checkForm(
          session.get(), Optional.ofNullable(request.getFormAttribute(SignedIn.FORM_FIELD)));
      close(ticket.get(), session.get());
    }
    signedIn.end(context.response());
    Html.redirect(context.response(), "/");
  }

  private void checkState(HttpServerRequest request) {
    Optional<RandomToken> state = RandomToken.shown(request.getParam("state"));
    Optional<RandomToken> kept = browser.read(request);
    if (state.isEmpty() || kept.isEmpty() || !signIns.end(state.get(), kept.get())) {
      throw new Problem(
          400,
          "This sign-in is over",
          "It was not started in this browser, is more than ten minutes old, or was used already."
              + " Add Bitbucket again.");
    }
  }

  private void replace(HttpServerRequest request, HttpServerResponse response, RandomToken next) {
    Optional<RandomToken> ticket = signedIn.ticket(request);
    ticket.flatMap(sessions::find).ifPresent(session -> close(ticket.get(), session));
    signedIn.begin(response, next);
  }

  private void close(RandomToken ticket, Session session) {
    sessions.close(ticket);
    credentials.release(session.credential());
  }

  private static Problem tooLate() {
    return new Problem(
        400,
        "This sign-in is over",
        "It was decided already, or too long ago. Add Bitbucket again.");
  }
}
