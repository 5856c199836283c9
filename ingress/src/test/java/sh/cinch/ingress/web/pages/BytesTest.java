package sh.cinch.ingress.web.pages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BytesTest {

  @Test
  void sizesAreForPeople() {
    assertThat(Bytes.text(0)).isEqualTo("0 bytes");
    assertThat(Bytes.text(1)).isEqualTo("1 byte");
    assertThat(Bytes.text(1023)).isEqualTo("1023 bytes");
    assertThat(Bytes.text(1024)).isEqualTo("1.0 KiB");
    assertThat(Bytes.text(1024 * 1024 - 1)).isEqualTo("1.0 MiB");
    assertThat(Bytes.text(10 * 1024 * 1024)).isEqualTo("10.0 MiB");
    assertThat(Bytes.text(5L << 30)).isEqualTo("5.0 GiB");
    assertThat(Bytes.text(5000L << 40)).isEqualTo("5000.0 TiB");
  }
}
