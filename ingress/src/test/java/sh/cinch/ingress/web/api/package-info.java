@NullMarked
package sh.cinch.ingress.web.api;

import org.jspecify.annotations.NullMarked;
