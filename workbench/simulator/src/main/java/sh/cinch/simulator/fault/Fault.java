package sh.cinch.simulator.fault;

import java.time.Duration;
import sh.cinch.simulator.http.Reply;

/** What goes wrong with a call. */
public sealed interface Fault {
  /** Everything takes that much longer. */
  record Latency(Duration delay) implements Fault {}

  /** Another answer; the call has no effect. */
  record Status(Reply reply) implements Fault {}

  /** The connection closes; the call has no effect. */
  record Reset() implements Fault {}

  /** The call has its effect, then the connection closes without an answer. */
  record LostResponse() implements Fault {}

  /** No answer; the call has its effect after that time, whether or not the caller still waits. */
  record LateEffect(Duration delay) implements Fault {}

  /** The call has its effect; its answer's body is not what it should be. */
  record Garbage(String body) implements Fault {}
}
