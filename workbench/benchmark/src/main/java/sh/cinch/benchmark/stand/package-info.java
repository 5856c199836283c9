/** What is measured: a token-service that runs, on real servers and a simulated Bitbucket. */
@NullMarked
package sh.cinch.benchmark.stand;

import org.jspecify.annotations.NullMarked;
