/** {@code cinch repo}: connecting repositories, with a token instead of the web page. */
@NullMarked
package sh.cinch.cli.repo;

import org.jspecify.annotations.NullMarked;
