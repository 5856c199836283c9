@NullMarked
package sh.cinch.ingress.readmodel.deadletter;

import org.jspecify.annotations.NullMarked;
