@NullMarked
package sh.cinch.ingress.api;

import org.jspecify.annotations.NullMarked;
