/**
 * The ingress: several things in one process, each a group of packages behind a wall. From the
 * bottom: {@code webhooks}, {@code connecting}, {@code artifacts}, {@code readmodel}, {@code web};
 * each knows only groups below it, and those through their doors alone. What of them an instance
 * starts is said by its roles.
 */
@NullMarked
package sh.cinch.ingress;

import org.jspecify.annotations.NullMarked;
