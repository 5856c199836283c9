package sh.cinch.simulator.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import sh.cinch.simulator.http.Site;
import sh.cinch.simulator.world.Account;

/** People and the pseudo-users of tokens: never a {@code username}, which went in 2019. */
public final class AccountView {
  private final Site site;

  AccountView(Site site) {
    this.site = site;
  }

  public ObjectNode show(Account account) {
    ObjectNode node =
        switch (account.kind()) {
          case USER -> Views.typed("user").put("nickname", account.nickname());
          case OAUTH_CLIENT -> Views.typed("app_user");
          case REPOSITORY_TOKEN -> Views.typed("app_user").put("kind", "repository_access_token");
        };
    node.put("uuid", account.uuid())
        .put("account_id", account.accountId())
        .put("display_name", account.displayName());
    ObjectNode links = node.putObject("links");
    String uuid = URLEncoder.encode(account.uuid(), StandardCharsets.UTF_8);
    Views.link(links, "self", site.api("/users/" + uuid));
    Views.link(links, "html", site.page("/" + uuid + "/"));
    Views.link(links, "avatar", site.page("/account/" + uuid + "/avatar/"));
    return node;
  }
}
