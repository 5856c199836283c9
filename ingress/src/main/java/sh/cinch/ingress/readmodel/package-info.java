/** What pages and the API show of the topics: kept in tables, and as it happens. */
@NullMarked
package sh.cinch.ingress.readmodel;

import org.jspecify.annotations.NullMarked;
