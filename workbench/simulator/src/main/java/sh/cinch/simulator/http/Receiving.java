package sh.cinch.simulator.http;

/** Answers a call whose body is files, too large to be held in memory. */
public interface Receiving {
  /** How long a body may be; 0: any length. */
  long mostBytes();

  /** What is answered to a torn form reaches nobody. */
  Reply answer(Call call, Form form);
}
