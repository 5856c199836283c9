package sh.cinch.service.text;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import sh.cinch.schema.text.Visible;

/** What is logged, whatever is in it: one line. Takes the place of {@code %msg} in the layout. */
public final class LogMessage extends ClassicConverter {

  @Override
  public String convert(ILoggingEvent event) {
    return Visible.oneLine(String.valueOf(event.getFormattedMessage()));
  }
}
