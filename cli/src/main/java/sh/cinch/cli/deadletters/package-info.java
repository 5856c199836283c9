/** {@code cinch dead-letters}: records that could not be used, for the operator. */
@NullMarked
package sh.cinch.cli.deadletters;

import org.jspecify.annotations.NullMarked;
