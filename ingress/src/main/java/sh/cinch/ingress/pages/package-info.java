/** The web pages, rendered here, and what keeps them live. */
@NullMarked
package sh.cinch.ingress.pages;

import org.jspecify.annotations.NullMarked;
