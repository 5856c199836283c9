package sh.cinch.bitbucket.client;

import io.vertx.core.buffer.Buffer;
import java.util.UUID;
import sh.cinch.bitbucket.http.StreamedBody;

/** A form of RFC 7578 with one file. Vert.x's own takes files that are in memory or on disk. */
record MultipartForm(String boundary) {

  /** With a boundary that no content holds. */
  static MultipartForm fresh() {
    return new MultipartForm("cinch-" + UUID.randomUUID());
  }

  String contentType() {
    return "multipart/form-data; boundary=" + boundary;
  }

  StreamedBody of(Upload upload) {
    String head =
        """
        --%s\r
        Content-Disposition: form-data; name="files"; filename="%s"\r
        Content-Type: application/octet-stream\r
        \r
        """
            .formatted(boundary, upload.name());
    return new StreamedBody(
        Buffer.buffer(head),
        upload.content(),
        upload.length(),
        Buffer.buffer("\r\n--%s--\r\n".formatted(boundary)));
  }
}
