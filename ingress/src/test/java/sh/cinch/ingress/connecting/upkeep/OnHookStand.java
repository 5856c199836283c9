package sh.cinch.ingress.connecting.upkeep;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Tests on the one {@link HookStand} of this run: one class after the other, beside the rest. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(WithHookStand.class)
@ResourceLock("hook stand")
@interface OnHookStand {}
