/** {@code cinch deliveries} and {@code cinch webhooks}: what came in, once more, and as a test. */
@NullMarked
package sh.cinch.cli.deliveries;

import org.jspecify.annotations.NullMarked;
