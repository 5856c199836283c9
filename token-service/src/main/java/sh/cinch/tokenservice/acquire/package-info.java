/** Takes in new credentials: the code of an OAuth round trip, or a token somebody pasted. */
@NullMarked
package sh.cinch.tokenservice.acquire;

import org.jspecify.annotations.NullMarked;
