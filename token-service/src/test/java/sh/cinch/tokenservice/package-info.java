/** The token-service against a Bitbucket, a PostgreSQL and a Kafka that are all real enough. */
@NullMarked
package sh.cinch.tokenservice;

import org.jspecify.annotations.NullMarked;
