/** Pushes become events on Kafka, by way of the outbox where Kafka does not take them. */
@NullMarked
package sh.cinch.ingress.webhooks.publish;

import org.jspecify.annotations.NullMarked;
