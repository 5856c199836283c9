package sh.cinch.simulator.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** An answer as a stream: whoever writes waits until it is on its way. */
final class ResponseStream extends OutputStream {
  private final HttpServerResponse response;

  ResponseStream(HttpServerResponse response) {
    this.response = response;
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) throws IOException {
    try {
      response.write(Buffer.buffer(Arrays.copyOfRange(bytes, from, from + length))).await();
    } catch (RuntimeException e) {
      throw new IOException("the caller is gone", e);
    }
  }
}
