package sh.cinch.ingress;

import sh.cinch.ingress.stack.OnStack;
import sh.cinch.ingress.stack.Stack;

@OnStack
class SecrecyTest extends Secrecy {

  SecrecyTest(Stack stack) {
    super(stack);
  }
}
