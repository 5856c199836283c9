/**
 * Receives what the forge delivers: reads, verifies, publishes and answers it, and writes down what
 * came. Knows no other group; who hears of a first delivery is handed in.
 *
 * <p>Doors: {@code Webhooks} to start and mount it; hooks and their addresses for who connects
 * repositories; the log of deliveries for the web.
 */
@NullMarked
package sh.cinch.ingress.webhooks;

import org.jspecify.annotations.NullMarked;
