/** How many requests an account may still make of a forge, shared by all who make them. */
@NullMarked
package sh.cinch.service.budget;

import org.jspecify.annotations.NullMarked;
