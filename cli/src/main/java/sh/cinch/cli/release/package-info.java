/** {@code cinch release}: sends a build's files to Cinch and waits until they are downloads. */
@NullMarked
package sh.cinch.cli.release;

import org.jspecify.annotations.NullMarked;
