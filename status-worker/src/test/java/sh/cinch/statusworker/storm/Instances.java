package sh.cinch.statusworker.storm;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;

/** Those that are at work. Whoever has been for longest goes, and another one comes. */
final class Instances implements AutoCloseable {

  private final Supplier<Instance> another;
  private final Deque<Instance> atWork = new ArrayDeque<>();
  private int killed;
  private int stopped;

  Instances(Supplier<Instance> another) {
    this.another = another;
  }

  /** All at once. */
  void start(int many) {
    for (int i = 0; i < many; i++) {
      atWork.add(another.get());
    }
    atWork.forEach(Instance::awaitReady);
  }

  int killed() {
    return killed;
  }

  int stopped() {
    return stopped;
  }

  void killOne() {
    Instance oldest = atWork.remove();
    oldest.kill();
    killed++;
    add(another.get());
  }

  void stopOne() {
    Instance oldest = atWork.remove();
    oldest.stop();
    stopped++;
    add(another.get());
  }

  private void add(Instance one) {
    atWork.add(one);
    one.awaitReady();
  }

  @Override
  public void close() {
    atWork.forEach(Instance::close);
  }
}
