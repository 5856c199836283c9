package sh.cinch.ingress.web.api;

import java.util.UUID;
import sh.cinch.ingress.connecting.connection.Connection;
import sh.cinch.ingress.git.GitEntry;
import sh.cinch.ingress.token.RandomToken;
import sh.cinch.ingress.web.access.Caller;
import sh.cinch.ingress.web.access.Right;
import sh.cinch.ingress.web.access.Rights;
import sh.cinch.ingress.web.access.RightsTable;
import sh.cinch.service.http.Problem;

/** Lets those read the git address who hold an API token. */
record GitCallers(Callers callers, Rights rights) implements GitEntry {

  private static final Right RIGHT = RightsTable.of("GET", "/git/{id}/info/refs");

  @Override
  public Connection enter(RandomToken shown, UUID repository) {
    Caller caller =
        callers
            .known(shown)
            .orElseThrow(
                () -> new Problem(401, "Not known", "This is no API token of this Cinch."));
    return rights.of(caller, RIGHT, repository);
  }
}
