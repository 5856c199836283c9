/** Reads webhook deliveries: whether Bitbucket signed them, and what they say. */
@NullMarked
package sh.cinch.bitbucket.webhook;

import org.jspecify.annotations.NullMarked;
