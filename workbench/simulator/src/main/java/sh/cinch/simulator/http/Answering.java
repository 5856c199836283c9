package sh.cinch.simulator.http;

/** Answers a call, and has its effect. */
@FunctionalInterface
public interface Answering {
  Reply answer(Call call);
}
