/** Text from elsewhere: cut to a length, and such that people see what is there. */
@NullMarked
package sh.cinch.schema.text;

import org.jspecify.annotations.NullMarked;
