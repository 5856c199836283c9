package sh.cinch.simulator.view;

import com.fasterxml.jackson.databind.node.ObjectNode;
import sh.cinch.simulator.http.Json;
import sh.cinch.simulator.http.Site;
import sh.cinch.simulator.world.State;

/** What Bitbucket writes about its things, with links that lead to one site. */
public final class Views {
  private final State state;
  private final Site site;

  public Views(State state, Site site) {
    this.state = state;
    this.site = site;
  }

  State state() {
    return state;
  }

  Site site() {
    return site;
  }

  public AccountView accounts() {
    return new AccountView(site);
  }

  public RepositoryView repositories() {
    return new RepositoryView(this);
  }

  public CommitView commits() {
    return new CommitView(this);
  }

  public RefView refs() {
    return new RefView(this);
  }

  static ObjectNode typed(String type) {
    return Json.object().put("type", type);
  }

  static void link(ObjectNode links, String name, String href) {
    links.putObject(name).put("href", href);
  }
}
