/** How the forge treats Cinch's OAuth client as a whole, over all credentials and instances. */
@NullMarked
package sh.cinch.tokenservice.client;

import org.jspecify.annotations.NullMarked;
