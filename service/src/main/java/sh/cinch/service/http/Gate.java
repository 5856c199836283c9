package sh.cinch.service.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Before the connections of a port: while so many are open, or on their way to be opened or closed,
 * the next wait with the operating system. They can come in faster than any can be closed again,
 * and each takes memory from the beginning.
 */
final class Gate extends ChannelInboundHandlerAdapter {

  private final int most;
  private final AtomicInteger inside = new AtomicInteger();

  Gate(int most) {
    this.most = most;
  }

  @Override
  public void channelRead(ChannelHandlerContext port, Object message) throws Exception {
    inside.incrementAndGet();
    ((Channel) message).closeFuture().addListener(closed -> left(port.channel()));
    if (inside.get() >= most) {
      port.channel().config().setAutoRead(false);
      openWhereThereIsRoom(port.channel());
    }
    super.channelRead(port, message);
  }

  private void left(Channel port) {
    inside.decrementAndGet();
    openWhereThereIsRoom(port);
  }

  private void openWhereThereIsRoom(Channel port) {
    if (inside.get() < most) {
      port.config().setAutoRead(true);
    }
  }
}
