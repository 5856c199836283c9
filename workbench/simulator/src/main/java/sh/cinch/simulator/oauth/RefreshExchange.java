package sh.cinch.simulator.oauth;

import java.time.Duration;
import sh.cinch.simulator.http.Call;
import sh.cinch.simulator.http.Exchange;
import sh.cinch.simulator.http.Reply;

/** A refresh that waits for its answer, and says so. */
final class RefreshExchange implements Exchange {
  private final Exchange exchange;
  private final RefreshLog log;

  RefreshExchange(Exchange exchange, RefreshLog log) {
    this.exchange = exchange;
    this.log = log;
    log.came();
  }

  @Override
  public Call call() {
    return exchange.call();
  }

  @Override
  public Reply answer() {
    log.reached();
    return exchange.answer();
  }

  @Override
  public void send(Reply reply) {
    // before the answer, since whoever has it may come back at once
    log.went();
    exchange.send(reply);
  }

  @Override
  public void cut() {
    log.went();
    exchange.cut();
  }

  @Override
  public void after(Duration wait, Runnable then) {
    exchange.after(wait, then);
  }
}
