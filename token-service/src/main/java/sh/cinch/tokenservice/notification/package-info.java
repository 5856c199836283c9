/** What instances tell each other the moment it is in the database. */
@NullMarked
package sh.cinch.tokenservice.notification;

import org.jspecify.annotations.NullMarked;
