package sh.cinch.service.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RequestDecoderTest {

  private static final String HEAD =
      "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
  private static final int BODIES = 500;
  private static final int MOST_CHUNKS = 60;
  private static final int LARGEST_CHUNK = 40;

  private final EmbeddedChannel channel = channel();

  /** Whatever the sizes are, and wherever the network cut what was sent. */
  @Test
  void chunksAreOneBody() {
    for (int seed = 0; seed < BODIES; seed++) {
      Random random = new Random(seed);
      StringBuilder body = new StringBuilder();
      String sent = HEAD + chunks(random, body) + "0\r\n\r\n";

      assertThat(read(random, sent)).as("seed %d: %s", seed, sent).isEqualTo(body.toString());
      assertThat(channel.isOpen()).isTrue();
    }
  }

  @Test
  void tinyChunksComeInFewPieces() {
    List<Object> read = read(HEAD + "1\r\nx\r\n".repeat(4_000) + "0\r\n\r\n");

    assertThat(read).hasSizeLessThan(5);
    assertThat(body(read)).isEqualTo("x".repeat(4_000));
  }

  @Test
  void whatIsNoChunkAmongTinyOnesIsRefused() {
    for (String wrong :
        List.of("g\r\nx\r\n", "-1\r\nx\r\n", "1\nx\r\n\r\n", "1\r\nxy\r\n", "\r\n1\r\nx\r\n")) {
      EmbeddedChannel fresh = channel();
      fresh.writeInbound(bytes(HEAD + "1\r\nx\r\n".repeat(10) + wrong + "1\r\nx\r\n0\r\n\r\n"));

      List<Object> read = taken(fresh);
      assertThat(read).as(wrong).last().isInstanceOf(HttpContent.class);
      assertThat(((HttpContent) read.getLast()).decoderResult().isFailure()).as(wrong).isTrue();
    }
  }

  private static String chunks(Random random, StringBuilder body) {
    StringBuilder sent = new StringBuilder();
    for (int i = random.nextInt(MOST_CHUNKS); i > 0; i--) {
      String data = data(random, 1 + random.nextInt(LARGEST_CHUNK));
      String size = Integer.toHexString(data.length());
      sent.append(random.nextInt(4) == 0 ? "0" : "")
          .append(random.nextBoolean() ? size : size.toUpperCase(java.util.Locale.ROOT))
          .append(random.nextInt(8) == 0 ? ";a=b" : "")
          .append("\r\n")
          .append(data)
          .append("\r\n");
      body.append(data);
    }
    return sent.toString();
  }

  /** Of what chunks are told by. */
  private static String data(Random random, int length) {
    StringBuilder data = new StringBuilder();
    while (data.length() < length) {
      data.append("\r\n1f0;x".charAt(random.nextInt(7)));
    }
    return data.toString();
  }

  private String read(Random random, String sent) {
    List<Object> read = new ArrayList<>();
    for (int at = 0; at < sent.length(); ) {
      int end = Math.min(sent.length(), at + 1 + random.nextInt(random.nextInt(4) == 0 ? 3 : 100));
      read.addAll(read(sent.substring(at, end)));
      at = end;
    }
    assertThat(read.getFirst()).isInstanceOf(HttpRequest.class);
    assertThat(read.getLast()).isInstanceOf(LastHttpContent.class);
    return body(read);
  }

  private List<Object> read(String sent) {
    channel.writeInbound(bytes(sent));
    return taken(channel);
  }

  private static List<Object> taken(EmbeddedChannel channel) {
    List<Object> read = new ArrayList<>();
    for (Object next = channel.readInbound(); next != null; next = channel.readInbound()) {
      read.add(next);
    }
    return read;
  }

  private static String body(List<Object> read) {
    StringBuilder body = new StringBuilder();
    for (Object each : read) {
      if (each instanceof HttpContent content) {
        assertThat(content.decoderResult().isSuccess()).isTrue();
        body.append(content.content().toString(ISO_8859_1));
        content.release();
      }
    }
    return body.toString();
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  /** Without anybody who answers: each request has the next one come at once. */
  private static EmbeddedChannel channel() {
    Conversation conversation =
        new Conversation(OpenConnections.ofHeap(1), Conversation.Times.USUAL);
    return new EmbeddedChannel(conversation.decoder());
  }
}
