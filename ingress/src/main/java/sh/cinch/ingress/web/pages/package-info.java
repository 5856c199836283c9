/** The web pages, rendered here, and what keeps them live. */
@NullMarked
package sh.cinch.ingress.web.pages;

import org.jspecify.annotations.NullMarked;
