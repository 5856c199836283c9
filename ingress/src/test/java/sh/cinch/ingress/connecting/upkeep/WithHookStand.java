package sh.cinch.ingress.connecting.upkeep;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests the one {@link HookStand} of this run, and takes from it what each has left. */
final class WithHookStand implements ParameterResolver, AfterEachCallback {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == HookStand.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return stand(context);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    stand(context).clear();
  }

  private static HookStand stand(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(HookStand.class, type -> new HookStand(), HookStand.class);
  }
}
