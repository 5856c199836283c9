package sh.cinch.ingress.connecting;

import java.net.URI;
import java.time.Duration;
import java.util.Set;
import sh.cinch.forge.Forge;
import sh.cinch.ingress.connecting.access.RepositoryAccessCache;
import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.connection.HintedNames;
import sh.cinch.ingress.connecting.connection.RepositoryNames;
import sh.cinch.ingress.connecting.credential.CredentialStates;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.connecting.session.Sessions;
import sh.cinch.ingress.connecting.session.SignIns;
import sh.cinch.ingress.connecting.session.SignedIn;
import sh.cinch.ingress.connecting.upkeep.Addresses;
import sh.cinch.ingress.connecting.upkeep.HookAttention;
import sh.cinch.ingress.connecting.upkeep.HookUpkeep;
import sh.cinch.ingress.webhooks.delivery.NameHints;
import sh.cinch.ingress.webhooks.hook.HookUrls;
import sh.cinch.ingress.webhooks.hook.Hooks;
import sh.cinch.service.RunningService;
import sh.cinch.service.ServiceContext;
import sh.cinch.service.lease.Leases;
import sh.cinch.service.secret.Vault;

/** Accounts, credentials and connected repositories. */
public record Connecting(
    Connections connections,
    Hooks hooks,
    HookUrls urls,
    Credentials credentials,
    CredentialStates credentialStates,
    RepositoryAccessCache access,
    Sessions sessions,
    SignIns signIns,
    SignedIn signedIn,
    RepositoryConnector connector,
    RepositoryDisconnector disconnector,
    WebhookUuids webhookUuids,
    HookAttention attention,
    DefaultBranch defaultBranch) {

  private static final String NAMES = "repository-names";
  private static final Duration SESSION_SWEEP = Duration.ofMinutes(10);
  private static final Duration CREDENTIAL_SWEEP = Duration.ofMinutes(1);

  /**
   * For those who show and change them.
   *
   * @param baseUrl where Bitbucket and browsers reach this Cinch
   * @param asksAtMostEvery how often the forge is asked what one person sees
   * @param told there may be events to send
   */
  public static Connecting of(
      ServiceContext context,
      Vault vault,
      URI baseUrl,
      Connections connections,
      TokenService tokenService,
      Leases leases,
      Forge forge,
      Duration asksAtMostEvery,
      Runnable told) {
    var database = context.database();
    var clock = context.clock();
    var sessions = new Sessions(database, clock);
    var hooks = new Hooks(database, vault, clock);
    var urls = new HookUrls(baseUrl);
    var attention = new HookAttention(database, hooks, clock);
    var unused = new UnusedCredentials(connections, sessions, tokenService, leases);
    var credentials = new Credentials(tokenService, unused, clock);
    var access = new RepositoryAccessCache(forge, clock, asksAtMostEvery);
    return new Connecting(
        connections,
        hooks,
        urls,
        credentials,
        new CredentialStates(database),
        access,
        sessions,
        new SignIns(database, vault, clock),
        new SignedIn(sessions, baseUrl),
        new RepositoryConnector(
            forge,
            connections,
            hooks,
            urls,
            attention,
            new Administration(forge, access),
            new Takeover(forge, credentials),
            unused,
            told),
        new RepositoryDisconnector(forge, connections, hooks, urls, attention, unused, told),
        new WebhookUuids(connections, hooks, told),
        attention,
        new DefaultBranch(forge));
  }

  /**
   * Asks what repositories are called, looks after webhooks, and erases what nobody needs any more.
   */
  public static void startUpkeep(
      ServiceContext context,
      Vault vault,
      Connections connections,
      TokenService tokenService,
      Leases leases,
      Forge forge,
      Runnable told,
      RunningService service) {
    var database = context.database();
    var clock = context.clock();
    var sessions = new Sessions(database, clock);
    var signIns = new SignIns(database, vault, clock);
    var unused = new UnusedCredentials(connections, sessions, tokenService, leases);
    service.loop("session-sweep", () -> sweepSessions(sessions, signIns, unused), SESSION_SWEEP);
    var sweep = new CredentialSweep(connections, new CredentialStates(database), unused, clock);
    service.loop("credential-sweep", sweep, CREDENTIAL_SWEEP);
    var names = new RepositoryNames(database, connections, forge, clock, told);
    service.loop(NAMES, names, names.every());
    HookUpkeep.start(context, connections, new Hooks(database, vault, clock), forge, told, service);
  }

  /** Says again and again by which address this instance is reached, for the upkeep of webhooks. */
  public static void startAddress(ServiceContext context, URI baseUrl, RunningService service) {
    var addresses = new Addresses(context.database(), context.clock());
    service.loop(
        "address",
        () -> {
          addresses.note(baseUrl);
          return false;
        },
        Addresses.SAID_EVERY);
  }

  /** Writes down what deliveries call repositories, for {@link #startUpkeep} to ask the forge. */
  public static NameHints nameHints(ServiceContext context, RunningService service) {
    return new HintedNames(context.database(), context.clock(), service.waking(NAMES));
  }

  /** Removes what nobody can use any more, and the credentials that were kept for it alone. */
  private static boolean sweepSessions(
      Sessions sessions, SignIns signIns, UnusedCredentials unused) {
    signIns.removeExpired();
    Set.copyOf(sessions.removeExpired()).forEach(unused::release);
    return false;
  }
}
