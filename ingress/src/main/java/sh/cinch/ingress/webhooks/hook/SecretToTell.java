package sh.cinch.ingress.webhooks.hook;

import sh.cinch.service.secret.Secret;

/**
 * A secret that the forge is to sign with.
 *
 * @param isNew false where one is owed to the forge since before: nobody knows which it has
 */
public record SecretToTell(Secret secret, boolean isNew) {}
