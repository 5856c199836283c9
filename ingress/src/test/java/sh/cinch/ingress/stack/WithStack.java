package sh.cinch.ingress.stack;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/** Gives tests their line's {@link Stack}, started for its first and closed at the end. */
public final class WithStack implements ParameterResolver {

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Stack.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    boolean isOther = context.getRequiredTestClass().isAnnotationPresent(OnOtherStack.class);
    return context
        .getRoot()
        .getStore(ExtensionContext.Namespace.GLOBAL)
        .computeIfAbsent(
            isOther ? OnOtherStack.class : OnStack.class, line -> new Stack(), Stack.class);
  }
}
