package sh.cinch.simulator.http;

import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An exchange over a connection of this server; lives on its event loop. */
final class HttpExchange implements Exchange {
  private static final Logger log = LoggerFactory.getLogger(HttpExchange.class);

  private final Vertx vertx;
  private final RoutingContext context;
  private final Call call;
  private final Answering answering;
  private final RequestLog requests;
  private final String account;

  HttpExchange(
      Vertx vertx, RoutingContext context, Call call, Answering answering, RequestLog requests) {
    this.vertx = vertx;
    this.context = context;
    this.call = call;
    this.answering = answering;
    this.requests = requests;
    // asked before the answer, since the call itself may end the credential it came with
    this.account = requests.account(call);
  }

  @Override
  public Call call() {
    return call;
  }

  @Override
  public Reply answer() {
    return guarded(answering, call);
  }

  @Override
  public void send(Reply reply) {
    requests.count(call, account, reply.status());
    write(context, reply);
  }

  @Override
  public void cut() {
    requests.count(call, account, RequestLog.NO_ANSWER);
    context.request().connection().close();
  }

  @Override
  public void after(Duration wait, Runnable then) {
    if (wait.isZero()) {
      then.run();
    } else {
      vertx.setTimer(wait.toMillis(), id -> then.run());
    }
  }

  static Reply guarded(Answering answering, Call call) {
    try {
      return answering.answer(call);
    } catch (RuntimeException bug) {
      return failed(call, bug);
    }
  }

  /** For a call that could not even be read. */
  static void fail(RoutingContext context, Call call, Throwable why) {
    write(context, failed(call, why));
  }

  private static Reply failed(Call call, Throwable why) {
    log.error("{} {} failed", call.method(), call.path(), why);
    return Reply.text(500, "The simulator failed; its log says how.");
  }

  static void write(RoutingContext context, Reply reply) {
    var response = context.response();
    if (response.closed()) {
      return;
    }
    response.setStatusCode(reply.status());
    reply.headers().forEach(response::putHeader);
    response.end(reply.body());
  }
}
