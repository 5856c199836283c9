/**
 * What pages and the API show of the topics: kept in tables, and as it happens. Knows connections,
 * by whose names runners report, and tells artifacts which files releases still need.
 *
 * <p>Doors: {@code ReadModel} to start it, what can be read in it, and {@code ReleaseRecorder} for
 * a request that was just made.
 */
@NullMarked
package sh.cinch.ingress.readmodel;

import org.jspecify.annotations.NullMarked;
