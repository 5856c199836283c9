package sh.cinch.simulator.http;

import java.time.Duration;
import sh.cinch.simulator.store.ContentStore;

/** An exchange that leaves no file behind which nobody kept. */
record FormExchange(Exchange exchange, Form form, ContentStore store) implements Exchange {

  @Override
  public Call call() {
    return exchange.call();
  }

  @Override
  public Reply answer() {
    return exchange.answer();
  }

  @Override
  public void send(Reply reply) {
    exchange.send(reply);
    store.drop(form.contents());
  }

  @Override
  public void cut() {
    exchange.cut();
    store.drop(form.contents());
  }

  @Override
  public void after(Duration wait, Runnable then) {
    exchange.after(wait, then);
  }
}
