/** Text from elsewhere, on its way to people. */
@NullMarked
package sh.cinch.service.text;

import org.jspecify.annotations.NullMarked;
