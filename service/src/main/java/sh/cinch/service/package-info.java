/** What every service is made of. */
@NullMarked
package sh.cinch.service;

import org.jspecify.annotations.NullMarked;
