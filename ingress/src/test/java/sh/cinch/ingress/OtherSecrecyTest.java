package sh.cinch.ingress;

import sh.cinch.ingress.stack.OnOtherStack;
import sh.cinch.ingress.stack.Stack;

@OnOtherStack
class OtherSecrecyTest extends Secrecy {

  OtherSecrecyTest(Stack stack) {
    super(stack);
  }
}
