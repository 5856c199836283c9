/**
 * Accounts, credentials and connected repositories: who is signed in and may see what, connecting
 * and disconnecting, and the token-service as the ingress sees it. Knows the hooks of webhooks, and
 * the forge.
 *
 * <p>Doors: {@code Connecting} to start it, and what it is made of for the web; {@code Connections}
 * and {@code CredentialHealth} for the read model.
 */
@NullMarked
package sh.cinch.ingress.connecting;

import org.jspecify.annotations.NullMarked;
