/** Build states from Kafka become commit statuses on Bitbucket. */
@NullMarked
package sh.cinch.statusworker;

import org.jspecify.annotations.NullMarked;
