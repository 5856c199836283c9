package sh.cinch.ingress.connecting.session;

import java.time.Instant;
import java.util.UUID;
import sh.cinch.service.secret.Secret;
import sh.cinch.service.token.Account;

/**
 * Somebody signed in with a browser.
 *
 * @param credential what the forge is asked with in their name
 * @param formToken stands in every form that changes something, and no other site knows it
 */
public record Session(Account account, UUID credential, Secret formToken, Instant expiresAt) {}
