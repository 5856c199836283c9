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
import sh.cinch.service.http.TrustedProxies;
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
  private final TrustedProxies proxies;
  private final BrowserCookie begun;
  private final BrowserCookie other;

  SignInPages(
      Html html,
      ConsentUrl consent,
      SignIns signIns,
      Sessions sessions,
      SignedIn signedIn,
      Credentials credentials,
      TrustedProxies proxies,
      URI baseUrl) {
    this.html = html;
    this.consent = consent;
    this.signIns = signIns;
    this.sessions = sessions;
    this.signedIn = signedIn;
    this.credentials = credentials;
    this.proxies = proxies;
    boolean secure = SignedIn.isSecure(baseUrl);
    this.begun = new BrowserCookie("cinch_sign_in", SignIns.LIFETIME, secure);
    this.other = new BrowserCookie("cinch_other_account", SignIns.LIFETIME, secure);
  }

  void start(RoutingContext context) {
    SignIns.Begun away = signIns.begin(begun.read(context.request()));
    begun.set(context.response(), away.cookie());
    Html.redirect(context.response(), consent.with(away.state()));
  }

  void callback(RoutingContext context) {
    HttpServerRequest request = context.request();
    RandomToken state = state(request);
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
    StoredCredential credential =
        credentials.exchange(
            Secret.of(code),
            consent.callback(),
            proxies.client(request),
            () -> useUp(state, request));
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
    Optional<Session> before = signedIn.find(context);
    if (before.map(Session::account).filter(is -> !is.uuid().equals(account.uuid())).isPresent()) {
      other.set(context.response(), sessions.openUndecided(account, credential.id()).text());
      Html.redirect(context.response(), ACCOUNT);
      return;
    }
    replace(request, context.response(), sessions.open(account, credential.id()));
    // Who was signed in came to repair what they have, and not for more.
    Html.redirect(context.response(), before.isPresent() ? "/" : ConnectPages.PATH);
  }

  /** Two accounts are never merged silently. */
  void question(PageCall call) {
    Optional<Session> consented = undecided(call).flatMap(sessions::find);
    if (consented.isEmpty()) {
      Html.redirect(call.context().response(), "/");
      return;
    }
    html.send(
        call.context().response(),
        "account.jte",
        new AccountPage(Viewer.of(call.session()), consented.get().account().name()));
  }

  void decide(PageCall call) {
    HttpServerRequest request = call.context().request();
    HttpServerResponse response = call.context().response();
    RandomToken undecided = undecided(call).orElseThrow(SignInPages::tooLate);
    Session consented = sessions.find(undecided).orElseThrow(SignInPages::tooLate);
    other.clear(response);
    if ("switch".equals(call.field("answer"))) {
      replace(request, response, sessions.confirm(undecided, consented));
      Html.redirect(response, ConnectPages.PATH);
    } else {
      close(undecided, consented);
      Html.redirect(response, "/");
    }
  }

  void signOut(PageCall call) {
    signedIn.token(call.context().request()).ifPresent(token -> close(token, call.session()));
    signedIn.end(call.context().response());
    Html.redirect(call.context().response(), "/");
  }

  private Optional<RandomToken> undecided(PageCall call) {
    return other.read(call.context().request()).flatMap(RandomToken::shown);
  }

  private RandomToken state(HttpServerRequest request) {
    return RandomToken.shown(request.getParam("state"))
        .filter(state -> signIns.isBegun(state, begun.read(request)))
        .orElseThrow(SignInPages::over);
  }

  /** Only when Bitbucket is asked: whoever does not come that far leaves no row. */
  private void useUp(RandomToken state, HttpServerRequest request) {
    if (!signIns.end(state, begun.read(request))) {
      throw over();
    }
  }

  private static Problem over() {
    return new Problem(
        400,
        "This sign-in is over",
        "It was not started in this browser, is more than ten minutes old, or was used already."
            + " Add Bitbucket again.");
  }

  private void replace(HttpServerRequest request, HttpServerResponse response, RandomToken next) {
    Optional<RandomToken> token = signedIn.token(request);
    token.flatMap(sessions::find).ifPresent(session -> close(token.get(), session));
    signedIn.begin(response, next);
  }

  private void close(RandomToken token, Session session) {
    sessions.close(token);
    credentials.release(session.credential());
  }

  private static Problem tooLate() {
    return new Problem(
        400,
        "This sign-in is over",
        "It was decided already, or too long ago. Add Bitbucket again.");
  }
}
