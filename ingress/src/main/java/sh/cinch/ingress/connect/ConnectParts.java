package sh.cinch.ingress.connect;

import sh.cinch.ingress.connection.Connections;
import sh.cinch.ingress.credential.TokenService;
import sh.cinch.ingress.hook.Hooks;

/** What pages and API need to connect repositories and to show them. */
public record ConnectParts(
    Connections connections,
    Hooks hooks,
    HookUrls urls,
    TokenService tokenService,
    Connecting connecting,
    Disconnecting disconnecting,
    TryingAgain trying,
    UnusedCredentials unused) {}
