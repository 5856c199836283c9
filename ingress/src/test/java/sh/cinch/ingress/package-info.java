/** The ingress as a whole, over real HTTP, Kafka, PostgreSQL and a simulated Bitbucket. */
@NullMarked
package sh.cinch.ingress;

import org.jspecify.annotations.NullMarked;
