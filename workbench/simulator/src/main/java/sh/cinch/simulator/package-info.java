/**
 * A Bitbucket Cloud that runs on localhost, imitated from what is publicly known of the real one.
 */
@NullMarked
package sh.cinch.simulator;

import org.jspecify.annotations.NullMarked;
