/** Bitbucket Cloud as a forge. */
@NullMarked
package sh.cinch.forge.cloud;

import org.jspecify.annotations.NullMarked;
