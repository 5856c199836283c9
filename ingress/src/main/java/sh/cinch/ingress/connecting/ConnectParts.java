package sh.cinch.ingress.connecting;

import sh.cinch.ingress.connecting.connection.Connections;
import sh.cinch.ingress.connecting.credential.TokenService;
import sh.cinch.ingress.webhooks.hook.Hooks;

/** What pages and API need to connect repositories and to show them. */
public record ConnectParts(
    Connections connections,
    Hooks hooks,
    HookUrls urls,
    TokenService tokenService,
    RepositoryConnector connecting,
    RepositoryDisconnector disconnecting,
    CredentialRetry trying,
    UnusedCredentials unused) {}
