package sh.cinch.ingress.readmodel;

import org.jooq.DSLContext;
import sh.cinch.schema.event.EventJson;
import sh.cinch.schema.event.EventJson.Reading;
import sh.cinch.schema.event.Outcome;
import sh.cinch.service.intake.DeadLetters;
import sh.cinch.service.kafka.Incoming;

/** Hands each outcome to whoever writes down what it is the outcome of. */
final class OutcomeRecorder {

  private final DeadLetters deadLetters;
  private final StatusRecorder statuses;
  private final ReleaseRecorder releases;

  OutcomeRecorder(DeadLetters deadLetters, StatusRecorder statuses, ReleaseRecorder releases) {
    this.deadLetters = deadLetters;
    this.statuses = statuses;
    this.releases = releases;
  }

  void record(DSLContext transaction, Incoming record) {
    switch (EventJson.read(record.value(), Outcome.class)) {
      case Reading.Good<Outcome>(Outcome outcome) -> {
        switch (outcome.kind()) {
          case STATUS -> statuses.settled(transaction, outcome, record);
          case RELEASE -> releases.settled(transaction, outcome, record);
          case RELEASE_FILE -> releases.fileSettled(transaction, outcome, record);
        }
      }
      case Reading.Bad<Outcome>(String reason) -> deadLetters.put(transaction, record, reason);
    }
  }
}
