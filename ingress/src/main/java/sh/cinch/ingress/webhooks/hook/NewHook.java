package sh.cinch.ingress.webhooks.hook;

import java.util.UUID;
import sh.cinch.service.secret.Secret;

/**
 * A hook that was just made, with what the forge must be told.
 *
 * @param secret 64 hex digits; only its ciphertext is kept
 */
public record NewHook(UUID id, Secret secret) {}
