/** What reaches the person who typed a command: nothing that came from outside as it came. */
@NullMarked
package sh.cinch.cli.terminal;

import org.jspecify.annotations.NullMarked;
