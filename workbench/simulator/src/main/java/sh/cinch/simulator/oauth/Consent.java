package sh.cinch.simulator.oauth;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import sh.cinch.simulator.html.Layout;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Reply;
import sh.cinch.simulator.world.Account;
import sh.cinch.simulator.world.AuthorizationCode;
import sh.cinch.simulator.world.World;

/** Asks a person whether the client may act for them, and sends the answer to its callback. */
record Consent(World world, OAuthClient client) {

  Reply ask(Call call) {
    return switch (AuthorizeRequest.read(name -> call.query(name), client)) {
      case AuthorizeRequest.Misconfigured(String why) -> misconfigured(why);
      case AuthorizeRequest.Valid request ->
          Layout.page(
              200,
              "Confirm access",
              ConsentPage.of(client, request, world.ask(state -> state.people())));
    };
  }

  Reply decide(Call call) {
    Map<String, String> form = call.form();
    Function<String, Optional<String>> fields = name -> Optional.ofNullable(form.get(name));
    return switch (AuthorizeRequest.read(fields, client)) {
      case AuthorizeRequest.Misconfigured(String why) -> misconfigured(why);
      case AuthorizeRequest.Valid request ->
          fields.apply("decision").equals(Optional.of("grant"))
              ? grant(request, fields.apply("user"))
              : Reply.redirect(
                  callback(request, "error=access_denied&error_description=Denied+by+the+user"));
    };
  }

  private Reply grant(AuthorizeRequest.Valid request, Optional<String> nickname) {
    Optional<String> code =
        world.change(
            state -> {
              Optional<Account> user =
                  nickname.isEmpty()
                      ? Optional.of(state.defaultUser())
                      : nickname.flatMap(state::accountNamed);
              return user.map(
                  account -> {
                    var issued =
                        AuthorizationCode.fresh(account, request.redirectUri(), world.now());
                    state.credentials().issue(issued);
                    return issued.value();
                  });
            });
    return code.map(value -> Reply.redirect(callback(request, "code=" + value)))
        .orElseGet(() -> Layout.page(400, "Unknown user", ConsentPage.unknownUser()));
  }

  private static Reply misconfigured(String why) {
    return Layout.page(400, "Invalid request", ConsentPage.misconfigured(why));
  }

  private String callback(AuthorizeRequest.Valid request, String query) {
    String base = client.callback().toString();
    String separator = client.callback().getQuery() == null ? "?" : "&";
    return base
        + separator
        + query
        + request
            .state()
            .map(state -> "&state=" + URLEncoder.encode(state, StandardCharsets.UTF_8))
            .orElse("");
  }
}
