package sh.cinch.ingress.connecting;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import sh.cinch.forge.Forge;
import sh.cinch.forge.Site;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.connection.RepositoryNames;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.connecting.session.SignIns;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.due.Loop;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.outbox.Outbox;
import sh.cinch.service.secret.Vault;

/** Accounts, credentials and connected repositories. */
public record Connecting(
    Connections connections,
    NameHints nameHints,
    Hooks hooks,
    HookUrls urls,
    Credentials credentials,
    CredentialStates credentialStates,
    RepositoryAccessCache access,
    Sessions sessions,
    SignIns signIns,
    SignedIn signedIn,
    RepositoryConnector connector,
    RepositoryDisconnector disconnector) {

  private static final Duration SESSION_SWEEP = Duration.ofMinutes(10);
  private static final Duration CREDENTIAL_SWEEP = Duration.ofMinutes(1);

  /**
   * @param baseUrl where Bitbucket and browsers reach this Cinch
   * @param site where repositories are cloned from
   * @param outbox for the events of connections
   * @param drain sends what is in the outbox
   */
  public static Connecting start(
      ServiceContext context,
      Vault vault,
      URI baseUrl,
      Site site,
      TokenService tokenService,
      Leases leases,
      Forge forge,
      Outbox outbox,
      Loop drain,
      RunningService service) {
    var database = context.database();
    var clock = context.clock();
    var connections = new Connections(database, outbox, site, clock);
    var states = new CredentialStates(database);
    var sessions = new Sessions(database, clock);
    var signIns = new SignIns(database, clock);
    var hooks = new Hooks(database, vault, clock);
    var urls = new HookUrls(baseUrl);
    var unused = new UnusedCredentials(connections, sessions, tokenService, leases);
    service.loop("session-sweep", () -> sweepSessions(sessions, signIns, unused), SESSION_SWEEP);
    var sweep = new CredentialSweep(connections, states, unused, clock);
    service.loop("credential-sweep", sweep, CREDENTIAL_SWEEP);
    var names = new RepositoryNames(database, connections, forge, clock, drain::wake);
    var naming = service.loop("repository-names", names, names.every());
    return new Connecting(
        connections,
        (repository, name) -> names.hinted(repository, name, naming),
        hooks,
        urls,
        new Credentials(tokenService, unused),
        states,
        new RepositoryAccessCache(forge, clock),
        sessions,
        signIns,
        new SignedIn(sessions, baseUrl),
        new RepositoryConnector(forge, connections, hooks, urls, unused, drain),
        new RepositoryDisconnector(forge, connections, hooks, urls, unused, drain));
  }

  /** Removes what nobody can use any more, and the credentials that were kept for it alone. */
  private static boolean sweepSessions(
      Sessions sessions, SignIns signIns, UnusedCredentials unused) {
    signIns.removeExpired();
    Set.copyOf(sessions.removeExpired()).forEach(unused::erase);
    return false;
  }
}
