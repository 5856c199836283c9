@NullMarked
package sh.cinch.ingress.webhooks.held;

import org.jspecify.annotations.NullMarked;
