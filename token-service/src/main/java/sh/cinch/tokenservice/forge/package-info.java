/** The forge as this service needs it. */
@NullMarked
package sh.cinch.tokenservice.forge;

import org.jspecify.annotations.NullMarked;
