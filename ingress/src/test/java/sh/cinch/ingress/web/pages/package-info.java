@NullMarked
package sh.cinch.ingress.web.pages;

import org.jspecify.annotations.NullMarked;
