/** Who may do what at the public port: one table, and the check of each row. */
@NullMarked
package sh.cinch.ingress.web.access;

import org.jspecify.annotations.NullMarked;
