@NullMarked
package sh.cinch.ingress.pages;

import org.jspecify.annotations.NullMarked;
