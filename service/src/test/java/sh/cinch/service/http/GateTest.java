package sh.cinch.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import org.junit.jupiter.api.Test;

class GateTest {

  private static final int MOST = 2;

  private final Port port = new Port();

  @Test
  void theNextWaitOnceAsManyAreInside() {
    connect();
    assertThat(port.takes()).isTrue();

    connect();
    assertThat(port.takes()).isFalse();
  }

  @Test
  void eachIsHandedOn() {
    EmbeddedChannel first = connect();
    EmbeddedChannel second = connect();

    assertThat(port.<Channel>readInbound()).isSameAs(first);
    assertThat(port.<Channel>readInbound()).isSameAs(second);
  }

  @Test
  void theNextComesInForEachThatHasGone() {
    EmbeddedChannel first = connect();
    connect();

    first.finish();
    assertThat(port.takes()).isTrue();

    connect();
    assertThat(port.takes()).isFalse();
  }

  /** The operating system may hand over some that were accepted before. */
  @Test
  void asLongAsTooManyAreInsideTheNextWait() {
    connect();
    EmbeddedChannel second = connect();
    connect();

    second.finish();
    assertThat(port.takes()).isFalse();
  }

  @Test
  void whoHasGoneBeforeComingInTakesNoPlace() {
    EmbeddedChannel gone = new EmbeddedChannel();
    gone.finish();
    port.writeInbound(gone);

    connect();
    assertThat(port.takes()).isTrue();
  }

  @Test
  void whoGoesWhileItIsShutOpensIt() {
    EmbeddedChannel first = connect();
    port.beforeItShuts = first::finish;

    connect();
    assertThat(port.takes()).isTrue();
  }

  private EmbeddedChannel connect() {
    EmbeddedChannel connection = new EmbeddedChannel();
    port.writeInbound(connection);
    return connection;
  }

  /** One that a test can come between. */
  private static final class Port extends EmbeddedChannel {

    private Runnable beforeItShuts = () -> {};

    private final ChannelConfig config =
        new DefaultChannelConfig(this) {
          @Override
          public ChannelConfig setAutoRead(boolean takes) {
            if (!takes) {
              beforeItShuts.run();
            }
            return super.setAutoRead(takes);
          }
        };

    Port() {
      pipeline().addLast(new Gate(MOST));
    }

    boolean takes() {
      return config.isAutoRead();
    }

    @Override
    public ChannelConfig config() {
      return config == null ? super.config() : config; // asked for by the constructor, too
    }
  }
}
