/** Where Cinch is, and how it answers. */
@NullMarked
package sh.cinch.cli.server;

import org.jspecify.annotations.NullMarked;
